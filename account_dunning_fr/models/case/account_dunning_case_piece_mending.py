from odoo import api, fields, models
from odoo.exceptions import UserError

from ..notice.account_move import COPY_REPORT


class AccountDunningCasePiece(models.Model):
    """The button that mends a piece without a document: print it, prepare it, or upload it."""

    _inherit = "account.dunning.case.piece"

    mend = fields.Selection(
        [("print", "Print it"), ("notice", "Prepare the formal notice"), ("upload", "Upload it")],
        compute="_compute_mend",
    )

    @api.depends("state", "category", "move_id", "notice_id", "key")
    def _compute_mend(self):
        for piece in self:
            if piece.state not in ("missing", "problem"):
                piece.mend = False
            elif piece._get_print():
                piece.mend = "print"
            elif piece.category == "formal_notice" and not piece.notice_id:
                piece.mend = "notice"
            else:
                piece.mend = "upload"

    def action_mend(self):
        """Do what is missing: print the document, prepare the message, or ask for the document."""
        self.ensure_one()
        if self.mend == "print":
            self._print()
            return False
        if self.mend == "notice":
            return self.case_id.move_ids.action_dunning_chase()
        return self.action_upload()

    def _get_print(self):
        """Return the record and the report that print this piece, or False."""
        self.ensure_one()
        model, _, rest = (self.key or "").partition(":")
        report = self._get_print_reports().get(model)
        if not report or model not in self.env:
            return False
        return self.env[model].browse(int(rest.partition(":")[0])), report

    @api.model
    def _get_print_reports(self):
        """Return what prints a record that is a piece, by its model."""
        return {
            "account.move": COPY_REPORT,
            "sale.order": "sale.action_report_saleorder",
            "stock.picking": "stock.action_report_delivery",
        }

    def _print(self):
        """Print the record of a piece that has no document yet: it was never sent from here."""
        self.ensure_one()
        record, report = self._get_print()
        if record._name != "account.move":
            self._attach(self._print_record(record.sudo(), report), "gathered")
        elif sent := record._get_dunning_sent_file():
            self._attach(sent, "gathered")
        else:
            self._attach_reprint(record)
        self.case_id._examine_again()

    def _attach_reprint(self, move):
        """Put a copy of an invoice printed today under this piece, which says so."""
        self._attach(move._get_dunning_document(self), "made")
        self._owned().reprinted_on = fields.Date.context_today(self)

    def action_print_copy(self):
        """Add a complete copy of an invoice that was printed without its letterhead.

        :raise UserError: this piece is no such invoice
        """
        self.ensure_one()
        case, move = self.case_id, self.move_id
        if not (self.is_headless and move and self.category == "invoice"):
            raise UserError(
                self.env._("Only an invoice printed without its letterhead needs a complete copy.")
            )
        self.check_access("write")
        key = f"copy:{move.id}"
        copy = case.piece_ids.filtered(lambda piece: piece.key == key) or self.sudo().create(
            {
                "case_id": case.id,
                "key": key,
                "category": "invoice",
                "name": self.env._("%s: complete copy", self.name),
                "date": self.date,
                "origin": "made",
                "move_id": move.id,
                "sequence": self.sequence,
            }
        ).with_env(self.env)
        content = move._print_dunning_copy()
        name = f"{move.name} {move._get_dunning_reprint_text()}.pdf".replace("/", "-")
        copy._attach(self.env["ir.attachment"]._attach_dunning(copy, name, content), "made")
        copy._owned().reprinted_on = fields.Date.context_today(self)
        case._examine_again()

    def _print_record(self, record, report):
        lang = self.case_id._get_document_lang()
        printer = self.env["ir.actions.report"].sudo().with_context(lang=lang)
        content, extension = printer._render_qweb_pdf(report, record.ids)
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{record.name}.{extension}".replace("/", "-"),
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )

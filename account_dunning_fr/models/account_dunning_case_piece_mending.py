from odoo import api, fields, models


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
            "account.move": "account.account_invoices",
            "sale.order": "sale.action_report_saleorder",
            "stock.picking": "stock.action_report_delivery",
        }

    def _print(self):
        """Print the record of a piece that has no document yet: it was never sent from here."""
        self.ensure_one()
        record, report = self._get_print()
        if record._name == "account.move":
            attachment = record._get_dunning_document(self)
        else:
            attachment = self._print_record(record.sudo(), report)
        self._attach(attachment, "gathered")
        self.case_id._examine_again()

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

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.filenames import written_name

NOTE_REPORT = "account_dunning_fr.report_penalty_note"
STATEMENT_REPORT = "account_dunning_fr.report_statement"


class AccountMove(models.Model):
    """The note of penalties (« Note de pénalités ») of an entry, and the statement behind it."""

    _inherit = "account.move"

    dunning_note_id = fields.Many2one(
        "ir.attachment", string="Note of penalties", copy=False, readonly=True
    )

    def _get_dunning_penalty_lines(self):
        """Return the receivable items of penalties of an entry."""
        self.ensure_one()
        return self.line_ids.filtered("dunning_penalty_id").sorted(
            lambda line: (line.dunning_penalty_id.date_maturity, line.dunning_penalty_part, line.id)
        )

    def _get_dunning_bank_account(self):
        """Return the creditor's account into which the penalties are paid."""
        self.ensure_one()
        return self.company_id.dunning_creditor_id.partner_id.bank_ids[:1]

    def action_print_penalty_note(self):
        """Print the note of penalties of an entry."""
        if not any(move._get_dunning_penalty_lines() for move in self):
            raise UserError(self.env._("This entry is not one of late-payment penalties."))
        return self.env.ref(NOTE_REPORT).report_action(self, config=False)

    def _document_penalties(self):
        """Attach the note of the posted entries; one that fails is told in the entry's history."""
        for move in self.sudo().filtered(lambda move: move.state == "posted"):
            try:
                with self.env.cr.savepoint():
                    move._attach_penalty_documents()
            except UserError as error:
                move._message_log(body=str(error))

    def _attach_penalty_documents(self):
        """Attach to posted entries of penalties their note and the statement behind it.

        They are made after the booking, so that a document that fails never undoes an entry.
        """
        for move in self:
            note = move._attach_penalty_document(NOTE_REPORT, move, self.env._("Note"))
            penalties = move.line_ids.dunning_penalty_id
            statement = self.env["account.dunning.statement"].create(
                {
                    "company_id": move.company_id.dunning_creditor_id.id,
                    "partner_id": penalties.partner_id[:1].id,
                    "date_until": max(penalties.mapped("computed_until")),
                    "item_ids": penalties.move_line_id.ids,
                }
            )
            if statement.item_ids:
                move._attach_penalty_document(STATEMENT_REPORT, statement, self.env._("Statement"))
            move.dunning_note_id = note

    def _attach_penalty_document(self, report, record, title):
        content, _type = self.env["ir.actions.report"]._render_qweb_pdf(report, record.ids)
        return self.env["ir.attachment"].create(
            {
                "name": written_name(f"{title} {self.name}", "pdf"),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    @api.model
    def _get_entries_without_note(self, creditor):
        """Return the posted entries of penalties of a creditor that have no note yet."""
        lines = self.env["account.move.line"]._read_group(
            [
                ("dunning_penalty_id.company_id", "=", creditor.id),
                ("parent_state", "=", "posted"),
                ("move_id.dunning_note_id", "=", False),
                ("move_id.reversed_entry_id", "=", False),
            ],
            ["move_id"],
        )
        return self.browse([move.id for (move,) in lines])

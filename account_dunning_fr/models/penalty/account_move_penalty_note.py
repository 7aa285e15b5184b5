from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ...core.filenames import written_name
from ..common.private_context import pass_on

NOTE_REPORT = "account_dunning_fr.report_penalty_note"
STATEMENT_REPORT = "account_dunning_fr.report_statement"
# Entries whose documents are made in one process, and kept in one transaction.
NOTES_TOGETHER = 25


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
        creditor = self.company_id.sudo().dunning_creditor_id
        return creditor._get_dunning_bank_account(self._get_dunning_penalty_lines().currency_id[:1])

    def action_print_dunning_penalty_note(self):
        """Print the note of penalties of an entry."""
        if not any(move._get_dunning_penalty_lines() for move in self):
            raise UserError(self.env._("This entry is not one of late-payment penalties."))
        return self.env.ref(NOTE_REPORT).report_action(self, config=False)

    def _document_dunning_penalties(self):
        """Attach the notes of the posted entries, some together.

        Where that fails they are made one by one; one that fails is told in the entry's history.
        """
        posted = self.sudo().filtered(lambda move: move.state == "posted")
        for moves in split_every(NOTES_TOGETHER, posted.ids, self.sudo().browse):
            try:
                with self.env.cr.savepoint():
                    moves._attach_dunning_penalty_documents()
            except UserError as error:
                if len(moves) == 1:
                    moves._message_log(body=str(error))
                    continue
                for move in moves:
                    move._document_dunning_penalties()

    def _attach_dunning_penalty_documents(self):
        """Attach to posted entries of penalties their note and the statement behind it.

        They are made after the booking, so that a document that fails never undoes an entry.
        """
        notes = self._attach_dunning_penalty_files(self.env._("Note"), NOTE_REPORT, self)
        statements = (
            self.env["account.dunning.statement"]
            .create([move._prepare_dunning_penalty_statement() for move in self])
            .filtered("item_ids")
        )
        items_by_day = {
            until: group.item_ids for until, group in statements.grouped("date_until").items()
        }
        owed = self.env["account.dunning.accrual"]._remember(items_by_day)
        pass_on(statements.note_move_id, owed=owed)._attach_dunning_penalty_files(
            self.env._("Statement"), STATEMENT_REPORT, statements
        )
        self._keep_dunning_penalty_notes(notes)

    def _keep_dunning_penalty_notes(self, notes):
        """Point each entry to its note, in one statement.

        Odoo balances an entry anew whatever is written on it: for a pointer to a file that would
        cost more than the file.

        :param dict notes: ``{entry: ir.attachment}``
        """
        if not notes:
            return
        rows = SQL(", ").join(SQL("(%s, %s)", move.id, note.id) for move, note in notes.items())
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move SET dunning_note_id = note.id
                  FROM (VALUES %s) note (move_id, id)
                 WHERE account_move.id = note.move_id
                """,
                rows,
            )
        )
        self.invalidate_recordset(["dunning_note_id"])

    def _prepare_dunning_penalty_statement(self):
        """Return the values of the statement behind the note of an entry."""
        self.ensure_one()
        penalties = self.line_ids.dunning_penalty_id
        return {
            "company_id": self.company_id.dunning_creditor_id.id,
            "partner_id": penalties.partner_id[:1].id,
            "date_until": max(penalties.mapped("computed_until")),
            "item_ids": [Command.set(penalties.move_line_id.ids)],
            "note_move_id": self.id,
        }

    def _attach_dunning_penalty_files(self, title, report, records):
        """Print one document for each of these entries, and attach it.

        :param str title: how the names of the files begin
        :param str report: the report
        :param records: what is printed, in the order of the entries
        :return: dict ``{entry: ir.attachment}``
        """
        contents = self.env["ir.actions.report"]._render_dunning_apart(report, records.ids)
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": written_name(f"{title} {move.name}", "pdf"),
                    "raw": contents[record.id],
                    "mimetype": "application/pdf",
                    "res_model": move._name,
                    "res_id": move.id,
                }
                for move, record in zip(self, records, strict=True)
            ]
        )
        return dict(zip(self, files, strict=True))

    @api.model
    def _get_dunning_entries_without_note(self, creditor):
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

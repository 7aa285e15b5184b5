from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ...core.filenames import written_name
from ..common.letter_formats import write_as_letter, write_once
from ..common.private_context import pass_on
from .penalty_statement import make_statement

NOTE_REPORT = "account_dunning_fr.report_penalty_note"
STATEMENT_REPORT = "account_dunning_fr.report_entry_statement"
# Entries whose documents are printed in one process, and stored in one transaction.
NOTES_TOGETHER = 50
# What their documents print of their lines, of the items that bear the penalties and of their
# invoices: fetching all columns of these would take several times as long.
READ_OF_LINES = (
    *("move_id", "name", "currency_id", "amount_currency", "amount_residual_currency"),
    *("dunning_penalty_id", "dunning_penalty_part", "date_maturity", "parent_state"),
)
READ_OF_ITEMS = (
    *("move_id", "partner_id", "company_id", "currency_id", "date_maturity", "amount_currency"),
    "amount_residual_currency",
)
READ_OF_INVOICES = (
    *("name", "company_id", "commercial_partner_id", "dunning_rate_type", "dunning_retention"),
    *("currency_id", "partner_bank_id", "posted_before"),
)


class AccountMove(models.Model):
    """The penalty note (« Note de pénalités ») of an entry, and the statement behind it."""

    _inherit = "account.move"

    dunning_note_id = fields.Many2one(
        "ir.attachment",
        string="Note of penalties",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )

    def _get_dunning_penalty_lines(self):
        """Return the receivable items of penalties of an entry, those of an invoice together.

        Computed once per rendering: the page needs it, and so do the payment details.
        """
        self.ensure_one()
        key = ("penalty lines", self.id, self.env)
        return write_once(self.env, key, self._find_dunning_penalty_lines)

    def _find_dunning_penalty_lines(self):
        def place(line):
            item = line.dunning_penalty_id
            return item.date_maturity, item.id, line.dunning_penalty_part, line.id

        return self.line_ids.filtered("dunning_penalty_id").sorted(place)

    def _get_dunning_bank_account(self):
        """Return the creditor's account into which the penalties are paid."""
        self.ensure_one()
        creditor = self.company_id.sudo().dunning_creditor_id
        return creditor._get_dunning_bank_account(self._get_dunning_penalty_lines().currency_id[:1])

    def action_print_dunning_penalty_note(self):
        """Print the penalty note of an entry."""
        if not any(move._get_dunning_penalty_lines() for move in self):
            raise UserError(self.env._("This entry is not one of late-payment penalties."))
        return self.env.ref(NOTE_REPORT).report_action(self, config=False)

    def _document_dunning_penalties(self):
        """Attach the notes of the posted entries, in batches.

        If a batch fails they are printed one by one; a failure is logged in the entry's history.
        """
        posted = write_as_letter(self.sudo()).filtered(lambda move: move.state == "posted")
        for moves in split_every(NOTES_TOGETHER, posted.ids, posted.browse):
            try:
                with self.env.cr.savepoint():
                    # Why one failed is logged in its history.
                    speaking = moves._in_dunning_lang() if len(moves) == 1 else moves
                    speaking._read_dunning_penalties()
                    speaking._attach_dunning_penalty_documents()
            except UserError as error:
                if len(moves) == 1:
                    moves._message_log(body=str(error))
                    continue
                for move in moves:
                    move._document_dunning_penalties()

    def _read_dunning_penalties(self):
        """Fetch what the documents of these entries print, for all entries at once."""
        lines = self.line_ids
        lines.fetch(READ_OF_LINES)
        items = lines.dunning_penalty_id.move_line_id
        items.fetch(READ_OF_ITEMS)
        items.move_id.fetch(READ_OF_INVOICES)

    def _attach_dunning_penalty_documents(self):
        """Attach to posted penalty entries their note and the statement behind it.

        They are printed after the booking, so that a failing document never undoes an entry.
        """
        # For all entries together: otherwise the customer of each would be read from its lines, one
        # by one.
        self.line_ids.dunning_penalty_id.partner_id.mapped("name")
        stated = self.filtered("line_ids.dunning_penalty_id.move_line_id")
        items_by_day = {
            until: moves.line_ids.dunning_penalty_id.move_line_id
            for until, moves in stated.grouped(lambda move: move._get_dunning_stated_day()).items()
        }
        owed = self.env["account.dunning.accrual"]._remember(items_by_day)
        items = stated.line_ids.dunning_penalty_id.move_line_id
        booked = self.env["account.dunning.penalty"].sudo()._get_by_item(items)
        asked = [(NOTE_REPORT, self.ids), (STATEMENT_REPORT, stated.ids)]
        report = pass_on(self.env["ir.actions.report"], owed=owed, booked=booked)
        notes, *statements = report._render_dunning_all_apart([each for each in asked if each[1]])
        files = self._attach_dunning_penalty_files(self.env._("Note"), notes)
        for contents in statements:
            stated._attach_dunning_penalty_files(self.env._("Statement"), contents)
        self._keep_dunning_penalty_notes(files)

    def _keep_dunning_penalty_notes(self, notes):
        """Link each entry to its note, in one statement.

        Odoo rebalances an entry whatever is written on it: for a mere link to a file, that would
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

    def _get_dunning_stated_day(self):
        """Return the last day of the statement behind the note of an entry."""
        self.ensure_one()
        return max(self.line_ids.dunning_penalty_id.mapped("computed_until"))

    def _make_dunning_statement(self):
        """Return the statement behind the note of an entry (``PenaltyStatement``)."""
        self.ensure_one()
        penalties = self.line_ids.dunning_penalty_id
        return make_statement(
            self.company_id.dunning_creditor_id,
            penalties.partner_id[:1],
            penalties.move_line_id,
            self._get_dunning_stated_day(),
            note=self.name,
        )

    def _attach_dunning_penalty_files(self, title, contents):
        """Attach its document to each of these entries.

        :param str title: prefix of the file names
        :param dict contents: ``{id: PDF}``
        :return: dict ``{entry: ir.attachment}``
        """
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": written_name(f"{title} {move.name}", "pdf"),
                    "raw": contents[move.id],
                    "mimetype": "application/pdf",
                    "res_model": move._name,
                    "res_id": move.id,
                }
                for move in self
            ]
        )
        return dict(zip(self, files, strict=True))

    @api.model
    def _get_dunning_entries_without_note(self, creditor):
        """Return the posted penalty entries of a creditor that have no note yet."""
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

from base64 import b64decode, b64encode

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.file_values import decode
from ...core.registered import parse_entries
from ...models.common.creditors_day import creditors_day
from ...models.common.notifications import CLOSE, tell


class AccountDunningRegisteredEntry(models.TransientModel):
    """The day's registered letters: printed with their posting list, then numbered in one go.

    Numbers are typed or scanned line by line, pasted, or read from a CSV file. Each one is recorded
    entirely or not at all; invalid ones are listed, valid ones kept.
    """

    _name = "account.dunning.registered.entry"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Registered Letters of the Day"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.dunning_creditor_id,
    )
    line_ids = fields.One2many(
        "account.dunning.registered.entry.line",
        "wizard_id",
        string="Letters",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    record_posting = fields.Boolean(
        string="They were posted",
        default=True,
        help="Untick to enter numbers before posting: the letters are then printed with them.",
    )
    posted_on = fields.Date(
        default=creditors_day,
        help="The day that the letters bear. Printed on another day, they are printed again.",
    )
    pasted = fields.Text(
        string="List of numbers",
        help="One letter a line: its reference, its number and, if you wish, the posting date.",
    )
    csv_file = fields.Binary(string="CSV file")
    csv_name = fields.Char()
    problems = fields.Text(readonly=True)
    done_text = fields.Char(readonly=True)
    recto = fields.Boolean(
        string="For printing on both sides", help="Each letter starts on a new sheet."
    )
    pdf_file = fields.Binary(readonly=True)
    pdf_name = fields.Char(readonly=True)

    @api.depends("company_id")
    def _compute_line_ids(self):
        """Propose the letters selected in the list, or all that wait for posting or a number."""
        Letter = self.env["account.dunning.registered"]
        chosen = self.env.context.get("active_ids", [])
        if self.env.context.get("active_model") != Letter._name:
            chosen = []
        for wizard in self:
            domain = [
                ("company_id", "=", wizard.company_id.id),
                ("waiting_for", "in", ("posting", "number")),
            ]
            if chosen:
                domain.append(("id", "in", chosen))
            letters = Letter.search(domain)
            order = letters.notice_id._sort_for_posting().ids
            letters = letters.sorted(lambda letter, order=order: order.index(letter.notice_id.id))
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"registered_id": letter.id, "number": letter.number})
                    for letter in letters
                ),
            ]

    # -- Printing ----------------------------------------------------------------------------------

    def action_print(self):
        """Print the letters to be posted, preceded by their posting list."""
        self.ensure_one()
        letters = self.line_ids.registered_id.filtered(lambda x: x.state == "to_post")
        letters.notice_id._check_prepare()
        self._keep_numbers(letters)
        stale = letters.notice_id._pass_posting_gate()
        letters -= letters.filtered(lambda letter: letter.notice_id in stale)
        if stale and not letters:
            return stale._notify_not_posted()
        if not letters:
            raise UserError(self.env._("No registered letter is to be posted."))
        self.pdf_file = b64encode(letters._get_posting_pdf(self.recto))
        self.pdf_name = self.env._("Registered letters %s.pdf", creditors_day(self))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/pdf_file/{self.pdf_name}",
            "target": "new",  # the dialog then shows the references given to the letters
        }

    def _keep_numbers(self, letters):
        """Store the numbers typed before printing, so that the letters contain them."""
        for line in self.line_ids.filtered(lambda line: line.registered_id in letters):
            if line.number and line.number != line.registered_id.number:
                line.registered_id.number = line.number
                line.registered_id.notice_id._drop_letters()

    # -- Numbers -----------------------------------------------------------------------------------

    def action_record(self):
        """Record the numbers, and the posting of their letters; list the failures."""
        self.ensure_one()
        entries, problems = self._get_entries()
        done = 0
        for letter, number, on, where in entries:
            problem = self._record(letter, number, on)
            if problem:
                problems.append(self._tell(where, problem))
            else:
                done += 1
        if not done and not problems:
            raise UserError(
                self.env._("Type or scan a number, paste a list, or choose a CSV file first.")
            )
        if not problems:
            return tell(self.env, self.env._("%s letters recorded.", done), then=CLOSE)
        self.write(
            {
                "problems": "\n".join(problems),
                "done_text": self.env._("%s letters recorded.", done) if done else False,
                "pasted": False,
                "csv_file": False,
            }
        )
        recorded = self.line_ids.filtered(lambda line: not line.registered_id._is_to_enter())
        recorded.unlink()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Registered letters of the day"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_entries(self):
        """Return the numbers that were typed, pasted and read from the file.

        :return: (list of ``(letter, number, posting date, where)``, list of problems)
        """
        entries = [
            (line.registered_id, line.number, self.posted_on, line.registered_id.display_name)
            for line in self.line_ids
            if line.number and line.number != line.registered_id.number
        ]
        problems = []
        for label, text in (
            (self.env._("List"), self.pasted or ""),
            (self.csv_name or self.env._("File"), self._read_csv()),
        ):
            found, bad = parse_entries(text)
            sentences = self._get_sentences()
            problems += [
                self._tell(
                    self.env._("%(list)s, line %(line)s", list=label, line=line.line),
                    sentences[line.reason],
                    line.text,
                )
                for line in bad
            ]
            letters = self._find_letters({entry.reference.upper() for entry in found})
            for entry in found:
                where = self.env._("%(list)s, line %(line)s", list=label, line=entry.line)
                letter = letters.get(entry.reference.upper())
                if letter:
                    entries.append((letter, entry.number, entry.posted_on or self.posted_on, where))
                else:
                    problems.append(
                        self._tell(
                            where,
                            self.env._("no registered letter waits under this reference"),
                            entry.reference,
                        )
                    )
        return entries, problems

    def _read_csv(self):
        return decode(b64decode(self.csv_file)) if self.csv_file else ""

    def _find_letters(self, references):
        """Return the letters that wait for their number, by reference of their notice.

        :param set references: in capitals
        """
        letters = self.env["account.dunning.registered"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("waiting_for", "in", ("posting", "number")),
                ("notice_id.name", "!=", False),
            ]
        )
        # If one came back without a number and was posted again, the reference is that of the last.
        found = {letter.notice_id.name.upper(): letter for letter in letters.sorted("id")}
        return {reference: found[reference] for reference in references if reference in found}

    def _record(self, letter, number, on):
        """Record one letter, entirely or not at all.

        :return: why it failed, for the user, or False
        """
        try:
            with self.env.cr.savepoint():
                if letter.number != number:
                    letter.number = number
                if self.record_posting and letter.state == "to_post":
                    letter._check_postable(on)
                    letter.notice_id._check_send()
                    letter.notice_id.sudo()._mark_posted(on)
                letter.flush_recordset()
        except (UserError, ValidationError) as error:
            return str(error)
        return False

    @api.model
    def _get_sentences(self):
        """Return why a line of a list cannot be read, by reason of ``core.registered``."""
        return {
            "columns": self.env._("a reference and a number are expected"),
            "number": self.env._("this is not the number of a registered letter"),
            "check_digit": self.env._("the check digit of the number is wrong"),
            "date": self.env._("the date is not one: write it 2026-11-21 or 21/11/2026"),
            "repeated": self.env._("the same reference or number comes twice"),
        }

    @api.model
    def _tell(self, where, problem, text=None):
        """Return one line of the list of problems."""
        return f"{where}: {problem}" + (f" ({text})" if text else "")


class AccountDunningRegisteredEntryLine(models.TransientModel):
    _name = "account.dunning.registered.entry.line"
    _inherit = ["account.dunning.dialog"]
    _description = "Registered Letter of the Day"

    wizard_id = fields.Many2one(
        "account.dunning.registered.entry", required=True, ondelete="cascade"
    )
    registered_id = fields.Many2one("account.dunning.registered", required=True, ondelete="cascade")
    reference = fields.Char(related="registered_id.notice_id.name")
    partner_id = fields.Many2one(related="registered_id.partner_id")
    level_id = fields.Many2one(related="registered_id.level_id")
    state = fields.Selection(related="registered_id.state")
    printed_on = fields.Date(related="registered_id.notice_id.printed_on")
    number = fields.Char()

from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.csv_table import NotTableError
from ...core.file_values import decode
from .notifications import CLOSE, name_lines, notify


class AccountDunningFileImport(models.AbstractModel):
    """A wizard that reads a file, and shows the result and each refused line.

    The models that inherit it define what is read, and why a line is refused.
    """

    _name = "account.dunning.file.import"
    _description = "Import of a File"

    file = fields.Binary()
    file_name = fields.Char()
    result = fields.Char(readonly=True)
    problems = fields.Text(readonly=True)
    problem_count = fields.Integer(readonly=True)

    @api.onchange("file")
    def _onchange_file(self):
        self.result = self.problems = False
        self.problem_count = 0

    def _show(self, name, result, problems):
        """Report the result of the import and close; stay open if lines were refused.

        :param str name: title of the dialog
        :param result: one sentence, or False
        :param list problems: list of (line number, reason, value)
        """
        if not problems:
            return notify(result, then=CLOSE)
        self.result = result
        self.problem_count = len(problems)
        self.problems = self._describe(problems)
        return self._get_records_action(name=name, target="new")

    def _read_table(self, read, refusal):
        """Return what a function of the core reads from a table exported by a person.

        :param read: takes the text of the file
        :param str refusal: error message for a file that is no such table
        :raise UserError: if it is not
        """
        try:
            return read(decode(b64decode(self.file)))
        except NotTableError as error:
            raise UserError(refusal) from error

    def _describe(self, problems):
        return name_lines(self.env, problems, self._get_sentences())

    def _get_sentences(self):
        """Return why a line is refused, by reason, each text with one « %s » for its value."""
        return {}

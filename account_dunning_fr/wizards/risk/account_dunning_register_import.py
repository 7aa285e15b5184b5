from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.register_files import NotNoticesError, read_notices


class AccountDunningRegisterImport(models.TransientModel):
    """Compare the notices of the BODACC of a day, or one pasted notice, with the customers.

    Invalid lines are refused one by one, with their reason, and the others are compared by SIREN;
    if anything fails, everything is undone.
    """

    _name = "account.dunning.register.import"
    _inherit = ["account.dunning.file.import", "account.dunning.dialog"]
    _description = "Import Notices of the BODACC"

    file = fields.Binary(help="CSV or JSON, as the open data of the BODACC exports it.")
    text = fields.Text(string="Or one notice", help="In JSON, as the open data shows it.")

    @api.onchange("file", "text")
    def _onchange_file(self):
        return super()._onchange_file()

    def action_import(self):
        """Read the notices, apply their consequences, and show the refused lines.

        :raise UserError: if there is no file, or it is no list of notices
        """
        self.ensure_one()
        reading = self._read()
        imported = self.env["account.dunning.check"]._import(
            reading.notices, self.env.companies.dunning_creditor_id, "file"
        )
        result = self._tell(imported.counts, reading)
        return self._show(self.env._("Import notices"), result, reading.problems)

    def _read(self):
        if not self.file and not self.text:
            raise UserError(self.env._("Choose the file of the day, or paste a notice."))
        try:
            return read_notices(b64decode(self.file).decode("utf-8") if self.file else self.text)
        except UnicodeDecodeError as error:
            raise UserError(
                self.env._("This file is not in UTF-8: import it as the open data gives it.")
            ) from error
        except NotNoticesError as error:
            raise UserError(
                self.env._(
                    "These are no notices of the BODACC. In CSV, the first line has the names %s "
                    "of the open data; in JSON, it is a list of objects with these keys.",
                    "id, familleavis, registre, dateparution, tribunal, jugement",
                )
            ) from error

    def _tell(self, counts, reading):
        """Return the outcome for the notices, in one sentence; empty outcomes are left out."""
        told = {
            "opened": self.env._("proceedings opened, to be confirmed: %s"),
            "told": self.env._("noted on customers: %s"),
            "undone": self.env._("undone: %s"),
            "known": self.env._("known already: %s"),
            "natural": self.env._("natural persons, left out: %s"),
        }
        parts = [self.env._("Notices read: %s", len(reading.notices))]
        parts += [told[name] % counts[name] for name in told if counts[name]]
        return "; ".join(parts) + "."

    def _get_sentences(self):
        return {
            "number": self.env._("it has no number.%s"),
            "siren": self.env._("“%s” holds no SIREN: nobody is found by his name alone."),
            "date": self.env._("“%s” is no date of publication."),
            "unreadable": self.env._("it cannot be read.%s"),
        }

from base64 import b64decode

from odoo import fields, models
from odoo.exceptions import UserError

from ...core.return_file import read_returns
from ...core.return_xml import NotReturnsError
from ...models.common.safe_xml import NotXmlError, parse


class AccountDunningReturnImport(models.TransientModel):
    """Import the direct debits returned by a bank from its file.

    Lines that cannot be applied are refused one by one, with their reason, and the others are
    applied. Importing the same file twice changes nothing.
    """

    _name = "account.dunning.return.import"
    _inherit = ["account.dunning.file.import", "account.dunning.dialog"]
    _description = "Import Returned Direct Debits"

    file = fields.Binary(
        required=True, help="XML of the bank: pain.002, camt.054 or camt.053 (ISO 20022)."
    )

    def action_import(self):
        """Read the file, apply what it says about known debits, and show the rest.

        :raise UserError: if the file is not one of a bank about returned debits
        """
        self.ensure_one()
        reading = self._read()
        made, known, unmatched = self.env["account.dunning.debit.return"]._import(
            reading.rows, self.env.companies
        )
        result = self.env._(
            "Returned debits applied: %(applied)s; known already: %(known)s.",
            applied=len(made),
            known=known,
        )
        problems = sorted([*reading.problems, *unmatched])
        return self._show(self.env._("Import returned debits"), result, problems)

    def _read(self):
        try:
            return read_returns(parse(b64decode(self.file)))
        except (NotReturnsError, NotXmlError) as error:
            raise UserError(self._get_refusals()[str(error)]) from error

    def _get_refusals(self):
        kinds = self.env._(
            "This is no file about returned debits: ask your bank for the pain.002, the camt.054 "
            "or the camt.053."
        )
        return {
            "xml": self.env._("This file is no XML of a bank, or is damaged."),
            "size": self.env._("This file is too large: ask your bank for one a day."),
            "transfers": self.env._(
                "This pain.002 is about transfers that you sent, not about direct debits."
            ),
            "kind": kinds,
        }

    def _get_sentences(self):
        return {
            "amount": self.env._("“%s”: no amount, or not that of what it names."),
            "date": self.env._("“%s”: no date."),
            "batch": self.env._("“%s” is returned as a whole, and no debit of it is named."),
            "pending": self.env._("“%s” is announced, not booked yet: import it once it is."),
            "unknown": self.env._("“%s” is no payment nor open invoice of yours."),
            "several": self.env._("“%s” may be several payments: link it by hand."),
            "refused": "%s",
        }

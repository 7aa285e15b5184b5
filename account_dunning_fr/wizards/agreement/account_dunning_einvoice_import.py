from base64 import b64decode

from odoo import fields, models
from odoo.exceptions import UserError

from ...core.einvoice_cdar import read_message
from ...core.einvoice_file import NotStatusesError, read_statuses
from ...models.common.safe_xml import NotXmlError, parse

BOM = b"\xef\xbb\xbf \r\n\t"  # what may precede the first character


class AccountDunningEinvoiceImport(models.TransientModel):
    """Import the statuses of e-invoices from a list, or from a message, of a platform.

    Invalid lines are refused one by one, with their reason, and the others are applied; if anything
    fails, everything is undone.
    """

    _name = "account.dunning.einvoice.import"
    _inherit = ["account.dunning.file.import", "account.dunning.dialog"]
    _description = "Import E-Invoice Statuses"

    file = fields.Binary(
        required=True,
        help="A list in CSV or JSON, or a message of the life cycle (CDAR).",
    )

    def action_import(self):
        """Read the file, apply its valid lines, and show the invalid ones.

        :raise UserError: if the file is no list of statuses
        """
        self.ensure_one()
        reading = self._read()
        applied, known, unknown = self.env["account.dunning.einvoice.status"]._import(
            reading.rows, self.env.companies
        )
        result = self.env._(
            "Statuses applied: %(applied)s; known already: %(known)s.", applied=applied, known=known
        )
        problems = sorted([*reading.problems, *unknown])
        return self._show(self.env._("Import e-invoice statuses"), result, problems)

    def _read(self):
        content = b64decode(self.file)
        try:
            if content.lstrip(BOM)[:1] == b"<":
                return read_message(parse(content))
            return read_statuses(content.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise UserError(
                self.env._("This file is not in UTF-8: import it as the platform gives it.")
            ) from error
        except (NotStatusesError, NotXmlError) as error:
            raise UserError(
                self.env._(
                    "This is no list of statuses. In CSV, its first line reads “%s”; in JSON, it "
                    "is a list of objects with these keys; in XML, it is a message of the life "
                    "cycle (CDAR).",
                    "Facture;Statut;Date;Montant;Motif",
                )
            ) from error

    def _get_sentences(self):
        return {
            "invoice": self.env._("there is no invoice number.%s"),
            "code": self.env._("“%s” is no status of an e-invoice."),
            "date": self.env._("“%s” is no date."),
            "amount": self.env._("“%s” is no amount."),
            "unreadable": self.env._("it cannot be read.%s"),
            "unknown": self.env._("no invoice or credit note of yours has the number “%s”."),
            "several": self.env._("several invoices have the number “%s”: choose one company."),
        }

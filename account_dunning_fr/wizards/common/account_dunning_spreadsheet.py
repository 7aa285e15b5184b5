from base64 import b64encode

from odoo import fields, models

from ...models.common.spreadsheet import make_book


class AccountDunningSpreadsheet(models.AbstractModel):
    """A list that a wizard offers as a spreadsheet (.xlsx).

    The wizard extends ``_fill_book``; ``_download_book`` makes the file and downloads it.
    """

    _name = "account.dunning.spreadsheet"
    _description = "Spreadsheet of a Wizard"

    xlsx_file = fields.Binary(readonly=True)
    xlsx_name = fields.Char(readonly=True)

    def _fill_book(self, book):
        """Write the sheets.

        :param book: ``xlsxwriter.Workbook``
        """
        raise NotImplementedError

    def _make_xlsx(self):
        """Return the bytes of the spreadsheet."""
        self.ensure_one()
        return make_book(self._fill_book)

    def _download_book(self, name):
        """Return the action that downloads the spreadsheet under this name."""
        self.ensure_one()
        self.xlsx_name = name
        self.xlsx_file = b64encode(self._make_xlsx())
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/xlsx_file/{self.xlsx_name}?download=true",
            "target": "self",
        }

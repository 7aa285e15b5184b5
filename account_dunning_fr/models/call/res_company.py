from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_call_creditors(self):
        """Return the creditors with pending calls, or that send notices."""
        calls = self.env["account.dunning.call"].sudo()
        waiting = calls._read_group([("state", "=", "todo")], [], ["company_id:recordset"])
        return waiting[0][0] | self._get_dunning_creditors("dunning_active")

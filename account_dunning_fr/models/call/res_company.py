from odoo import models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_call_creditors(self):
        """Return the creditors for which calls wait, or that send reminders."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT company_id FROM account_dunning_call WHERE state = 'todo'")
        )
        return self.browse([row[0] for row in rows]) | self._get_dunning_creditors("dunning_active")

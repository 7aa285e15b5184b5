from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_dunning_call(self):
        """Open the call to the customer of this invoice."""
        self.ensure_one()
        return self.commercial_partner_id.with_company(self.company_id).action_dunning_call()

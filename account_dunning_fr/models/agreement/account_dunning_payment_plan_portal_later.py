from odoo import models


class AccountDunningPaymentPlan(models.Model):
    _inherit = "account.dunning.payment.plan"

    def _get_dunning_state(self):
        """What was signed online stays, also where the plan could not start after it."""
        return "signed" if self.signed_sha256 else super()._get_dunning_state()

from odoo import api, models


class AccountDunningPlan(models.AbstractModel):
    _inherit = "account.dunning.plan"

    @api.model
    def _review_agreements(self, creditor, today, partners):
        self.env["account.dunning.payment.plan"].sudo()._review(creditor, today, partners)
        return super()._review_agreements(creditor, today, partners)

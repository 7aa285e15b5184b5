from odoo import api, models


class AccountDunningPenalty(models.Model):
    _inherit = "account.dunning.penalty"

    @api.model
    def _get_items(self, creditor, partners=None):
        """While a plan that suspends penalties runs, its items bear none."""
        items = super()._get_items(creditor, partners)
        plans = self.env["account.dunning.payment.plan"].search(
            [
                ("company_id", "=", creditor.id),
                ("state", "=", "running"),
                ("penalties", "!=", "running"),
            ]
        )
        return items - plans.item_ids

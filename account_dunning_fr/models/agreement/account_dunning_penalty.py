from odoo import api, models


class AccountDunningPenalty(models.Model):
    _inherit = "account.dunning.penalty"

    @api.model
    def _get_suspended_items(self, creditor):
        """The items of a running plan that suspends penalties bear none."""
        plans = self.env["account.dunning.payment.plan"].search(
            [
                ("company_id", "=", creditor.id),
                ("state", "=", "running"),
                ("penalties", "!=", "running"),
            ]
        )
        return plans.item_ids

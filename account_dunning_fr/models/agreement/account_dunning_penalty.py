from odoo import api, fields, models


class AccountDunningPenalty(models.Model):
    _inherit = "account.dunning.penalty"

    @api.model
    def _get_suspended_items(self, creditor, day=None):
        """The items of a running plan that suspends penalties bear none."""
        running = fields.Domain("state", "=", "running")
        if day:  # one that ended later ran on it
            running |= fields.Domain("started_on", "!=", False) & fields.Domain(
                "closed_on", ">", day
            )
            running &= fields.Domain("started_on", "<=", day)
        plans = self.env["account.dunning.payment.plan"].search(
            fields.Domain("company_id", "=", creditor.id)
            & fields.Domain("penalties", "!=", "running")
            & running
        )
        return plans.item_ids

from odoo import api, models

from ..common.marks import tells


class AccountDunningRetention(models.Model):
    _inherit = "account.dunning.retention"

    @api.model
    @tells
    def _get_held_partners(self, company, partners, today):
        """Return the customers with a current hold: nothing of theirs is emptied."""
        holds = self.env["account.dunning.hold"].sudo()
        return holds.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("released_on", "=", False),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", today),
            ]
        ).partner_id

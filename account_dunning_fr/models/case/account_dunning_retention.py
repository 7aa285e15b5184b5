from odoo import api, models

from ..common.marks import tells


class AccountDunningRetention(models.Model):
    _inherit = "account.dunning.retention"

    @api.model
    @tells
    def _get_sued_partners(self, company, partners, today):
        """Return the customers with an open court file: nothing of theirs is emptied."""
        cases = self.env["account.dunning.case"].sudo()
        return cases.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("state", "!=", "closed"),
            ]
        ).partner_id

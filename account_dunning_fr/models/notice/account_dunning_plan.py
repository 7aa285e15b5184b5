from odoo import api, models


class AccountDunningPlan(models.AbstractModel):
    _inherit = "account.dunning.plan"

    @api.model
    def _run(self, creditor, today=None, partners=None):
        """Carry the plan out: the drafts follow it (``account.dunning.notice.draft``).

        :return: dict of counts: ``created``, ``refreshed``, ``cancelled``
        """
        return self.env["account.dunning.notice.draft"]._follow_plan(creditor, today, partners)

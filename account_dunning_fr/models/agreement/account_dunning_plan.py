from odoo import api, fields, models


class AccountDunningPlan(models.AbstractModel):
    _inherit = "account.dunning.plan"

    @api.model
    def _run(self, creditor, today=None, partners=None):
        """Judge plans and promises first: a broken one puts its items back, and is recalled."""
        today = today or fields.Date.context_today(self)
        self._review_agreements(creditor, today, partners)
        return super()._run(creditor, today, partners)

    @api.model
    def _review_agreements(self, creditor, today, partners):
        """Close what was kept or missed by now.

        :param creditor: ``res.company``
        :param date today: the day of the plan
        :param partners: only these customers, None for all
        """
        self.env["account.dunning.payment.plan"].sudo()._review(creditor, today, partners)
        self.env["account.dunning.promise"].sudo()._review(creditor, today, partners)

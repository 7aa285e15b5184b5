from datetime import timedelta

from odoo import api, models

from ..common.sources import tells

WAITING_DAYS = 7  # money that waits for longer is told each week


class AccountDunningHold(models.Model):
    _inherit = "account.dunning.hold"

    @api.model
    @tells
    def _tell_waiting_money(self, creditor, today):
        return [
            (
                self.env._("Money of a customer, not matched for more than %s days", WAITING_DAYS),
                self._get_waiting_money(creditor, today),
                lambda money: money.partner_id._get_dunning_user(),
            ),
        ]

    @api.model
    def _get_waiting_money(self, creditor, today):
        """Return the money that stops reminders and that nobody matched: small sums last too."""
        companies = creditor._get_dunning_companies()
        before = today - timedelta(days=WAITING_DAYS)
        money = self.env["account.dunning.waiting.money"].with_context(
            allowed_company_ids=companies.ids
        )
        return money.search([("to_identify", "=", True), ("date", "<=", before)])

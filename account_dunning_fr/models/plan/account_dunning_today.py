from odoo import api, models

from ..common.sources import tells


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    @api.model
    @tells
    def _get_money_tasks(self, creditors, today):
        label = self.env._("Money to identify")
        action = "action_account_dunning_waiting_money"
        domain = [("to_identify", "=", True)]
        money = self.env["account.dunning.waiting.money"]
        if own := money._get_own_companies(creditors):
            money = money.with_context(allowed_company_ids=own.ids)
        return [
            money.env["account.dunning.today"]._count_task(
                creditors, "money", label, 85, action, domain, "amount_company"
            )
        ]

    @api.model
    @tells
    def _get_return_tasks(self, creditors, today):
        companies = self.env["res.company"].union(
            *(creditor._get_dunning_companies() for creditor in creditors)
        )
        domain = self.env["account.move.line"]._get_dunning_returns_domain(companies)
        action = "action_dunning_returns"
        label = self.env._("Returned payments to link to their invoice")
        return [
            self._count_task(
                companies, "returns", label, 75, action, list(domain), "amount_residual", True
            )
        ]

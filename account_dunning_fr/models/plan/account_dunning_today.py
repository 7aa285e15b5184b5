from odoo import api, fields, models

from ..common.account_dunning_facts import BILLING
from ..common.account_dunning_today import Act, Card, Counted, News
from ..common.due import MONEY_JOURNALS, RECEIVABLE_ITEMS
from ..common.marks import (
    tells,
    tells_acts,
    tells_carded,
    tells_cards,
    tells_done,
    tells_news,
)

MONEY = "account.dunning.waiting.money"
IDENTIFY = 70  # urgency, see ``Act.rank``


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    # -- Money to identify, customer by customer ---------------------------------------------------

    @api.model
    @tells_cards
    def _get_money_cards(self, creditors, today):
        return [Card("money", self.env._("Money to identify"), "fa-eur", 60)]

    @api.model
    @tells_acts
    def _get_money_acts(self, creditors, today):
        button = self.env._("Identify") if self.env.user.has_group(BILLING) else ""
        return [
            Act(
                card="money",
                partner_id=partner_id,
                creditor_id=creditor_id,
                rank=IDENTIFY,
                label=self.env._("Money to identify"),
                model="res.partner",
                ids=(partner_id,),
                method="action_dunning_money" if button else "",
                button=button,
                amount=amount,
                detail=self.env._("receipts: %s", count),
            )
            for creditor_id, partner_id, count, amount in self.env[MONEY]._sum_to_identify(
                creditors
            )
        ]

    @api.model
    @tells_done
    def _count_money_done(self, creditors, today):
        set_aside = self.env["account.dunning.set.aside"]
        domain = [("company_id", "in", creditors.ids), ("decided_on", "=", today)]
        return [Counted(set_aside, domain)]

    @api.model
    @tells_news
    def _get_paid_news(self, creditors, today, since):
        """Return what customers paid since a day: how many customers, and the amount."""
        companies = self.env["res.company"].union(
            *(creditor._get_dunning_companies() for creditor in creditors)
        )
        domain = fields.Domain(
            [
                ("company_id", "in", companies.ids),
                ("date", ">=", since),
                ("date", "<=", today),
                *RECEIVABLE_ITEMS,
                ("journal_id.type", "in", MONEY_JOURNALS),
                ("parent_state", "=", "posted"),
                ("balance", "<", 0),
                ("partner_id", "!=", False),
            ]
        )
        items, title = self.env["account.move.line"], self.env._("Money received")
        [(count, balance)] = items._read_group(
            domain, [], ["partner_id:count_distinct", "balance:sum"]
        )
        action = self._get_list_action(items._name, title, domain)
        return [News("paid", title, count, action, -(balance or 0.0), sequence=10)]

    @api.model
    @tells_carded
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

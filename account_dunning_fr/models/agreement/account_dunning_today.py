from odoo import api, models

from ..common.account_dunning_facts import BILLING
from ..common.account_dunning_today import Act, Card, Counted, News
from ..common.marks import tells, tells_acts, tells_carded, tells_cards, tells_news
from .account_dunning_dispute import OPEN
from .res_partner import UNDER_WAY

# Urgency, see ``Act.rank``.
DECLARE, PROCEEDINGS, ASKED, EINVOICE, SOLVE, SIGN = 5, 6, 28, 30, 65, 68
ANNOUNCED = "211"  # a payment on its way: there is nothing to do


class AccountDunningToday(models.AbstractModel):
    """Disputes to solve, broken promises, claims to declare, plans to sign."""

    _inherit = "account.dunning.today"

    @api.model
    @tells_cards
    def _get_agreement_cards(self, creditors, today):
        return [
            Card("asked", self.env._("Requests of customers"), "fa-commenting-o", 15),
            Card("agreement", self.env._("Terms and agreements"), "fa-hourglass-half", 50),
            Card("einvoice", self.env._("E-invoices refused or rejected"), "fa-file-code-o", 45),
        ]

    @api.model
    @tells_acts
    def _get_agreement_acts(self, creditors, today):
        may = self.env.user.has_group(BILLING)
        return [
            Act(
                card="agreement",
                partner_id=record.partner_id.id,
                creditor_id=record.company_id.id,
                rank=rank,
                label=label,
                model=model,
                ids=(record.id,),
                button=button if may else "",
                amount=record[amount],
            )
            for rank, model, domain, label, button, amount in self._get_agreement_kinds(today)
            for record in self.env[model].search([("company_id", "in", creditors.ids), *domain])
        ]

    @api.model
    def _get_agreement_kinds(self, today):
        """Return the pending work: rank, model, domain, label, button, field of the amount."""
        return (
            (
                DECLARE,
                "account.dunning.insolvency",
                [("state", "=", "open"), ("to_confirm", "=", True)],
                self.env._("Insolvency found in the BODACC"),
                self.env._("Confirm or cancel"),
                "amount_company",
            ),
            (
                DECLARE,
                "account.dunning.insolvency",
                [("state", "=", "open"), ("to_confirm", "=", False)],
                self.env._("Claim to declare"),
                self.env._("Declare"),
                "amount_company",
            ),
            (
                SOLVE,
                "account.dunning.dispute",
                self._get_late_disputes_domain(today),
                self.env._("Dispute past its date"),
                self.env._("Solve"),
                "amount_company",
            ),
            (
                SIGN,
                "account.dunning.payment.plan",
                [("state", "=", "draft")],
                self.env._("Payment plan to sign"),
                self.env._("Have it signed"),
                "amount",
            ),
        )

    @api.model
    @tells_acts
    def _get_insolvency_acts(self, creditors, today):
        """Return the pending tasks of customers' insolvency proceedings, and missing dividends.

        The declaration of the claim is listed with the other agreements.
        """
        proceedings = self.env["account.dunning.insolvency"].search(
            [("company_id", "in", creditors.ids), ("state", "in", UNDER_WAY)]
        )
        return [
            self._prepare_insolvency_act(record, label, detail)
            for record in proceedings
            for label, detail in record._get_acts(today)
        ]

    @api.model
    def _prepare_insolvency_act(self, record, label, detail):
        return Act(
            card="agreement",
            partner_id=record.partner_id.id,
            creditor_id=record.company_id.id,
            rank=PROCEEDINGS,
            label=label,
            model=record._name,
            ids=(record.id,),
            button=self.env._("Open") if self.env.user.has_group(BILLING) else "",
            amount=record.amount_declared,
            detail=detail,
        )

    @api.model
    @tells_acts
    def _get_request_acts(self, creditors, today):
        """Return the requests from customers' pages that nobody has answered yet."""
        requests = self.env["account.dunning.request"].search(
            [("company_id", "in", creditors.ids), ("state", "=", "new")]
        )
        may = self.env.user.has_group(BILLING)
        return [
            Act(
                card="asked",
                partner_id=request.partner_id.id,
                creditor_id=request.company_id.id,
                rank=ASKED,
                label=self.env._("Request from his page"),
                model=request._name,
                ids=(request.id,),
                button=self.env._("Write back") if may else "",
                amount=request.amount,
                detail=request._get_kind(),
            )
            for request in requests
        ]

    @api.model
    @tells_acts
    def _get_einvoice_acts(self, creditors, today):
        """Return the e-invoices that need attention: refused, not received, collected."""
        holds = self.env["account.dunning.hold"].search(
            [
                ("company_id", "in", creditors.ids),
                ("einvoice_status", "not in", (False, ANNOUNCED)),
                ("released_on", "=", False),
            ]
        )
        statuses = self.env["account.dunning.einvoice.status"]
        may = self.env.user.has_group(BILLING)
        return [
            Act(
                card="einvoice",
                partner_id=hold.partner_id.id,
                creditor_id=hold.company_id.id,
                rank=EINVOICE,
                label=self.env._("E-invoice %s", statuses._get_label(hold.einvoice_status)),
                model=record._name,
                ids=(record.id,),
                button=self.env._("Treat") if may else "",
                amount=hold.move_id.amount_residual_signed,
                detail=hold.move_id.name,
            )
            for hold in holds
            for record in [hold.dispute_id or hold.move_id]
        ]

    @api.model
    def _get_late_disputes_domain(self, today):
        return [("state", "in", OPEN), ("date_due", "<", today)]

    @api.model
    @tells_news
    def _get_promise_news(self, creditors, today, since):
        """Return the promises made, and the promises broken, since a day."""
        promises, ours = (
            self.env["account.dunning.promise"],
            [("company_id", "in", creditors.ids)],
        )
        made = [*ours, ("date_made", ">=", since)]
        broken = [*ours, ("closed_on", ">=", since), ("state", "in", ("broken", "partly"))]
        return [
            News(
                key,
                label,
                Counted(promises, domain),
                self._get_list_action(promises._name, label, domain),
                tone=tone,
                sequence=sequence,
            )
            for key, label, domain, tone, sequence in (
                ("promised", self.env._("Promised"), made, "success", 20),
                ("broken", self.env._("Promises not kept"), broken, "danger", 50),
            )
        ]

    @api.model
    @tells
    def _get_promise_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors,
                "promises_broken",
                self.env._("Promises not kept, not recalled yet"),
                35,
                "action_account_dunning_promise",
                [("state", "in", ("broken", "partly")), ("mentioned_in_id", "=", False)],
                warning=True,
            ),
        ]

    @api.model
    @tells_carded
    def _get_agreement_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors,
                "disputes_late",
                self.env._("Disputes to solve, past their date"),
                40,
                "action_account_dunning_dispute",
                self._get_late_disputes_domain(today),
                "amount_company",
                warning=True,
            ),
            self._count_task(
                creditors,
                "claims_to_declare",
                self.env._("Claims to declare"),
                5,
                "action_account_dunning_insolvency",
                [("state", "=", "open")],
                warning=True,
            ),
            self._count_task(
                creditors,
                "requests_new",
                self.env._("Requests of customers to answer"),
                32,
                "action_account_dunning_request",
                [("state", "=", "new")],
            ),
            self._count_task(
                creditors,
                "plans_to_sign",
                self.env._("Payment plans to sign"),
                45,
                "action_account_dunning_payment_plan",
                [("state", "=", "draft")],
            ),
        ]

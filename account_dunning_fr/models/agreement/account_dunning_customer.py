from odoo import api, models
from odoo.tools import format_amount, format_date

from ..common.account_dunning_customer import CustomerButton, CustomerPart
from ..common.account_dunning_facts import BILLING
from ..common.marks import tells, tells_buttons
from .account_dunning_dispute import OPEN
from .res_partner import CLOSED_LIQUIDATION, UNDER_WAY

SHOWN_PROMISES = 5
SHOWN_LINKS = 3


class AccountDunningCustomer(models.AbstractModel):
    """Promises, disputes, payment plans and proceedings of the customer."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells_buttons
    def _get_agreement_buttons(self, partner, creditors, today):
        return self._offer(
            BILLING,
            CustomerButton(
                "action_dunning_promise",
                self.env._("Promise"),
                icon="fa-handshake-o",
                hotkey="o",
                help=self.env._("The customer promises to pay on a day"),
                sequence=30,
            ),
            CustomerButton(
                "action_dunning_dispute",
                self.env._("Dispute"),
                icon="fa-comments-o",
                hotkey="g",
                help=self.env._("The customer contests an invoice, or a part of it"),
                sequence=40,
            ),
            CustomerButton(
                "action_dunning_payment_plan",
                self.env._("Payment plan"),
                icon="fa-calendar",
                hotkey="y",
                sequence=50,
            ),
        )

    @api.model
    @tells
    def _get_promise_parts(self, partner, creditors, today):
        promises = self.env["account.dunning.promise"].search(
            [*self._get_ours(partner, creditors), ("state", "not in", ("replaced", "cancelled"))],
            limit=SHOWN_PROMISES,
        )
        states = dict(promises._fields["state"]._description_selection(self.env))
        tones = {"broken": "danger", "partly": "warning", "kept": "success"}
        rows = [
            self._prepare_row(
                format_amount(self.env, promise.amount, promise.currency_id),
                record=promise,
                detail=self.env._("for %s", format_date(self.env, promise.date_promised)),
                value=states[promise.state],
                tone=tones.get(promise.state, ""),
            )
            for promise in promises
        ]
        return [CustomerPart("promises", self.env._("Promises"), rows, sequence=20)]

    @api.model
    @tells
    def _get_request_parts(self, partner, creditors, today):
        requests = self.env["account.dunning.request"].search(
            [*self._get_ours(partner, creditors), ("state", "=", "new")]
        )
        rows = [
            self._prepare_row(
                request._get_kind(),
                record=request,
                detail=request._get_sentence(),
                value=format_date(self.env, request.made_at),
                tone="warning",
            )
            for request in requests
        ]
        return [CustomerPart("requests", self.env._("Asked on his page"), rows, sequence=5)]

    @api.model
    @tells
    def _get_link_parts(self, partner, creditors, today):
        """Show the last links given to the customer, with a button that opens all of them."""
        links = self.env["account.dunning.link"].search(
            self._get_ours(partner, creditors), limit=SHOWN_LINKS
        )
        labels = dict(links._fields["standing"]._description_selection(self.env))
        rows = [
            self._prepare_row(
                link.display_name,
                detail=self.env._("opened %(count)s times, until %(day)s", **link._get_use()),
                value=labels[link.standing],
                tone="" if link.standing == "open" else "muted",
            )
            for link in links
        ]
        link = {"name": "action_view_dunning_links", "label": self.env._("Links given")}
        return [CustomerPart("links", self.env._("His page"), rows, sequence=30, buttons=[link])]

    @api.model
    @tells
    def _get_dispute_parts(self, partner, creditors, today):
        disputes = self.env["account.dunning.dispute"].search(
            [*self._get_ours(partner, creditors), ("state", "in", OPEN)]
        )
        reasons = dict(disputes._fields["reason"]._description_selection(self.env))
        rows = [
            self._prepare_row(
                dispute.move_id.name,
                record=dispute,
                detail=reasons[dispute.reason],
                value=self.env._("to solve by %s", format_date(self.env, dispute.date_due)),
                tone="danger" if dispute.is_late else "",
            )
            for dispute in disputes
        ]
        return [CustomerPart("disputes", self.env._("Disputes"), rows, sequence=22)]

    @api.model
    @tells
    def _get_plan_parts(self, partner, creditors, today):
        plans = self.env["account.dunning.payment.plan"].search(
            [*self._get_ours(partner, creditors), ("state", "in", ("draft", "running"))]
        )
        states = dict(plans._fields["state"]._description_selection(self.env))
        rows = [
            self._prepare_row(
                plan.display_name,
                record=plan,
                detail=format_amount(self.env, plan.amount, plan.currency_id),
                value=states[plan.state],
            )
            for plan in plans
        ]
        return [CustomerPart("plans", self.env._("Payment plans"), rows, sequence=24)]

    @api.model
    @tells
    def _get_insolvency_parts(self, partner, creditors, today):
        proceedings = self.env["account.dunning.insolvency"].search(
            [
                *self._get_ours(partner, creditors),
                *("|", ("state", "in", UNDER_WAY), "&", *CLOSED_LIQUIDATION),
            ]
        )
        states = dict(proceedings._fields["claim_state"]._description_selection(self.env))
        rows = [
            self._prepare_row(
                each.display_name,
                record=each,
                detail=states.get(each.claim_state, "")
                if each.state in UNDER_WAY
                else each._explain_closed_liquidation(),
                value=self.env._("by %s", format_date(self.env, each.next_term_on))
                if each.next_term_on
                else "",
                tone="danger" if each.state in UNDER_WAY else "warning",
            )
            for each in proceedings
        ]
        return [CustomerPart("insolvency", self.env._("Insolvency proceedings"), rows, sequence=1)]

from odoo import api, models
from odoo.tools import format_amount

from ..common.account_dunning_chronology import Event
from ..common.marks import tells


class AccountDunningChronology(models.AbstractModel):
    """Disputes, promises, payment plans and proceedings in the history of a debt."""

    _inherit = "account.dunning.chronology"

    @api.model
    def _get_agreement_domain(self, partner, creditor):
        return [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]

    @api.model
    @tells
    def _get_dispute_events(self, partner, creditor, moves):
        domain = self._get_agreement_domain(partner, creditor)
        if moves is not None:
            domain.append(("move_id", "in", moves.ids))
        disputes = self.env["account.dunning.dispute"].search(domain)
        states = dict(disputes._fields["state"]._description_selection(self.env))
        events = []
        for dispute in disputes:
            common = {
                "amount": dispute.amount or dispute.move_id.amount_total,
                "currency": dispute.currency_id,
                "record": dispute,
                "moves": dispute.move_id,
            }
            events.append(
                Event(
                    on=dispute.date_open,
                    kind="dispute",
                    title=dispute.display_name,
                    detail=dispute.note or "",
                    **common,
                )
            )
            if dispute.closed_on:
                events.append(
                    Event(
                        on=dispute.closed_on,
                        kind="dispute_end",
                        title=self.env._("%s: closed", dispute.display_name),
                        detail=states[dispute.state],
                        **common,
                    )
                )
        return events

    @api.model
    @tells
    def _get_einvoice_events(self, partner, creditor, moves):
        """Return each status of the e-invoices, on the day on which it was issued."""
        domain = [
            ("move_id.commercial_partner_id", "=", partner.id),
            ("company_id", "in", creditor._get_dunning_companies().ids),
        ]
        if moves is not None:
            domain.append(("move_id", "in", moves.ids))
        statuses = self.env["account.dunning.einvoice.status"].search(domain)
        return [
            Event(
                on=status.day,
                kind="einvoice",
                title=self.env._("E-invoice: %s", status._get_label(status.code)),
                detail=", ".join(filter(None, [status.move_id.name, status._get_reason_text()])),
                amount=status.amount or None,
                currency=status.currency_id,
                record=status.move_id,
                moves=status.move_id,
            )
            for status in statuses
        ]

    @api.model
    @tells
    def _get_request_events(self, partner, creditor, moves):
        """Return what the customer sent from his page, with the IP address it came from."""
        domain = self._get_agreement_domain(partner, creditor)
        if moves is not None:
            domain.append(("item_ids.move_id", "in", moves.ids))
        requests = self.env["account.dunning.request"].search(domain)
        states = dict(requests._fields["state"]._description_selection(self.env))
        events = []
        for request in requests:
            common = {"record": request, "moves": request.item_ids.move_id}
            source = request.ip and self.env._("from the address %s", request.ip)
            said = [request.person, request._get_sentence(), source]
            events.append(
                Event(
                    on=creditor._get_dunning_day(request.made_at),
                    kind="request",
                    title=self.env._("On his page: %s", request._get_kind()),
                    detail=", ".join(filter(None, said)),
                    proofs=request.file_ids,
                    **common,
                )
            )
            if request.closed_on:
                events.append(
                    Event(
                        on=request.closed_on,
                        kind="request_end",
                        title=f"{request._get_kind()} – {states[request.state]}",
                        detail=request.answer or "",
                        **common,
                    )
                )
        return events

    @api.model
    @tells
    def _get_promise_events(self, partner, creditor, moves):
        domain = self._get_agreement_domain(partner, creditor)
        if moves is not None:
            domain.append(("item_ids.move_id", "in", moves.ids))
        promises = self.env["account.dunning.promise"].search(domain)
        states = dict(promises._fields["state"]._description_selection(self.env))
        sources = dict(promises._fields["source"]._description_selection(self.env))
        events = []
        for promise in promises:
            common = {
                "amount": promise.amount,
                "currency": promise.currency_id,
                "record": promise,
                "moves": promise.item_ids.move_id,
            }
            details = [sources[promise.source], promise.note]
            events.append(
                Event(
                    on=promise.date_made,
                    kind="promise",
                    title=promise.display_name,
                    detail=", ".join(filter(None, details)),
                    **common,
                )
            )
            if promise.closed_on:
                events.append(
                    Event(
                        on=promise.closed_on,
                        kind="promise_end",
                        title=f"{promise.display_name} – {states[promise.state]}",
                        detail=self.env._(
                            "Received: %s",
                            format_amount(self.env, promise.amount_received, promise.currency_id),
                        ),
                        **common,
                    )
                )
        return events

    @api.model
    @tells
    def _get_payment_plan_events(self, partner, creditor, moves):
        domain = [*self._get_agreement_domain(partner, creditor), ("started_on", "!=", False)]
        if moves is not None:
            domain.append(("item_ids.move_id", "in", moves.ids))
        events = []
        for plan in self.env["account.dunning.payment.plan"].search(domain):
            common = {
                "currency": plan.currency_id,
                "record": plan,
                "moves": plan.item_ids.move_id,
                "proofs": plan.signed_id,
            }
            events.append(
                Event(
                    on=plan.signed_on,
                    kind="plan",
                    title=self.env._("Payment plan %s signed", plan.name),
                    detail=plan.signer,
                    amount=plan.amount,
                    **common,
                )
            )
            if plan.closed_on:
                events.append(
                    Event(
                        on=plan.closed_on,
                        kind="plan_end",
                        title=self.env._("Payment plan %s ended", plan.name),
                        detail=plan.close_reason,
                        amount=plan.amount_received,
                        **common,
                    )
                )
        return events

    @api.model
    @tells
    def _get_insolvency_events(self, partner, creditor, moves):
        domain = [*self._get_agreement_domain(partner, creditor), ("state", "!=", "cancelled")]
        events = []
        for record in self.env["account.dunning.insolvency"].search(domain):
            events.append(
                Event(
                    on=record.date_opening,
                    kind="insolvency",
                    title=record.display_name,
                    detail=record.court or "",
                    record=record,
                )
            )
            if record.declared_on:
                events.append(self._prepare_declared(record))
            events += [self._prepare_step(step) for step in record.step_ids]
        return events

    @api.model
    def _prepare_declared(self, record):
        known = bool(record.amount_declared)
        return Event(
            on=record.declared_on,
            kind="claim_declared",
            title=self.env._("Claim declared"),
            detail=record.representative_id.name or "",
            amount=record.amount_declared if known else record.amount_company,
            currency=record.euro_id if known else record.company_currency_id,
            record=record,
        )

    @api.model
    def _prepare_step(self, step):
        """Return a step of a customer's insolvency proceedings as an event, with its file."""
        number = step.registered_number and self.env._(
            "registered letter %s", step.registered_number
        )
        return Event(
            on=step.date,
            kind="insolvency_step",
            title=dict(step._fields["kind"]._description_selection(self.env))[step.kind],
            detail=", ".join(filter(None, [step.by_id.name, number, step.note])),
            amount=step.amount or None,
            currency=step.euro_id,
            record=step.insolvency_id,
            proofs=step._get_files(),
        )

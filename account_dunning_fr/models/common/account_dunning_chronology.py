from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from odoo import api, models

from .due import RECEIVABLE_ITEMS
from .letter_formats import format_letter_date
from .marks import collect, tells

SEALED_KINDS = ("notice", "plan", "case")


@dataclass(frozen=True)
class Event:
    """One event in the life of a debt, ready for display or print.

    ``kind`` is a key of the addon (``notice``, ``call``, ``payment``, ``promise``…), ``record`` the
    record it comes from, ``amount`` is in ``currency``, ``proofs`` are attachments, ``seals`` the
    numbers and checksums of what was sent, as printed. ``internal`` events never appear in
    documents for others.
    """

    on: date
    kind: str
    title: str
    detail: str = ""
    amount: float | None = None
    currency: Any = None
    record: Any = None
    moves: Any = None
    proofs: Any = None
    seals: tuple[str, ...] = ()
    internal: bool = False


CHRONOLOGY_REPORT = "account_dunning_fr.report_chronology"


class AccountDunningChronology(models.AbstractModel):
    """The history of a customer's debts, by date: read from the records, never stored.

    A room adds its events by extending this model with a method marked ``@tells`` that takes
    ``(partner, creditor, moves)`` and returns events.
    """

    _name = "account.dunning.chronology"
    _description = "Dunning Chronology"

    @api.model
    def _get_events(self, partner, creditor, moves=None, until=None):
        """Return the events, oldest first.

        :param partner: commercial partner
        :param creditor: ``res.company`` on whose behalf the customer is chased
        :param moves: only what concerns these invoices; None for everything
        :param date until: last day; None for no limit
        :return: list of :class:`Event`
        """
        events = collect(self, "", partner, creditor, moves)
        told = [event for event in events if until is None or event.on <= until]
        return sorted(
            self._add_seals(told),
            key=lambda event: (event.on, event.record._name, event.record.id),
        )

    @api.model
    def _add_seals(self, events):
        """Add to the events the seals of each document sent, where it first appears."""
        seals, told = {}, set()
        for model in {event.record._name for event in events if event.kind in SEALED_KINDS}:
            ids = [event.record.id for event in events if event.record._name == model]
            found = self.env["account.dunning.seal"]._describe(self.env[model].browse(ids))
            seals |= {(model, res_id): tuple(texts) for res_id, texts in found.items()}
        completed = []
        for event in sorted(events, key=lambda event: event.on):
            key = (event.record._name, event.record.id)
            new = event.kind in SEALED_KINDS and key not in told
            told |= {key} if new else set()
            completed.append(replace(event, seals=seals.get(key, ())) if new else event)
        return completed

    # -- From the books: invoices, payments, credit notes and penalties ----------------------------

    @api.model
    def _get_item_domain(self, partner, creditor):
        """Return the customer's receivable items in the books of the creditor."""
        return [
            ("company_id", "in", creditor._get_dunning_companies().ids),
            ("partner_id.commercial_partner_id", "=", partner.id),
            *RECEIVABLE_ITEMS,
            ("parent_state", "=", "posted"),
        ]

    @api.model
    @tells
    def _get_invoice_events(self, partner, creditor, moves):
        """Return the issue of each invoice."""
        domain = [
            ("company_id", "in", creditor._get_dunning_companies().ids),
            ("commercial_partner_id", "=", partner.id),
            ("move_type", "in", ("out_invoice", "out_receipt")),
            ("state", "=", "posted"),
        ]
        if moves is not None:
            domain.append(("id", "in", moves.ids))
        invoices = self.env["account.move"].search(domain)
        sent = invoices._get_dunning_sent_files()
        return [
            Event(
                on=move.invoice_date or move.date,
                kind="invoice",
                title=self.env._("Invoice issued"),
                detail=self.env._(
                    "%(name)s, due on %(due)s",
                    name=move.name,
                    due=format_letter_date(self.env, move.invoice_date_due or move.date),
                ),
                amount=move.amount_total,
                currency=move.currency_id,
                record=move,
                moves=move,
                proofs=sent[move].with_env(self.env),
            )
            for move in invoices
        ]

    @api.model
    @tells
    def _get_receipt_events(self, partner, creditor, moves):
        """Return what reduced the debt: payments, credit notes and other entries, by document."""
        domain = [
            *self._get_item_domain(partner, creditor),
            ("balance", "<", 0),
            ("dunning_moved_item_id", "=", False),  # moved to doubtful customers, not paid
        ]
        if moves is not None:
            domain.append(("matched_debit_ids.debit_move_id.move_id", "in", moves.ids))
        events = []
        lines = self.env["account.move.line"].search(domain)
        for move, items in lines.grouped("move_id").items():
            kind, title = self._get_receipt_kind(move)
            settled = items.matched_debit_ids
            if moves is not None:
                settled = settled.filtered(lambda part: part.debit_move_id.move_id in moves)
            invoices = settled.debit_move_id.move_id
            amount = (
                -sum(items.mapped("amount_currency"))
                if moves is None
                else sum(settled.mapped("credit_amount_currency"))
            )
            events.append(
                Event(
                    on=move.date,
                    kind=kind,
                    title=title,
                    detail=", ".join(filter(None, [move.name, *invoices.mapped("name")])),
                    amount=amount,
                    currency=items.currency_id[:1],
                    record=move,
                    moves=invoices,
                )
            )
        return events

    @api.model
    def _get_receipt_kind(self, move):
        """Return the kind and the title of an entry that credits the customer."""
        if move.move_type == "out_refund":
            return "credit_note", self.env._("Credit note")
        if move.journal_id.type in ("bank", "cash") or move.origin_payment_id:
            return "payment", self.env._("Payment received")
        return "entry", self.env._("Other entry in the books")

    @api.model
    @tells
    def _get_penalty_events(self, partner, creditor, moves):
        """Return the booking of penalties, by entry."""
        domain = [*self._get_item_domain(partner, creditor), ("dunning_penalty_id", "!=", False)]
        if moves is not None:
            domain.append(("dunning_penalty_id.move_id", "in", moves.ids))
        lines = self.env["account.move.line"].search(domain)
        return [
            Event(
                on=move.date,
                kind="penalty",
                title=self.env._("Late-payment interest booked"),
                detail=", ".join(
                    filter(None, [move.name, *items.dunning_penalty_id.move_id.mapped("name")])
                ),
                amount=sum(items.mapped("amount_currency")),
                currency=items.currency_id[:1],
                record=move,
                moves=items.dunning_penalty_id.move_id,
            )
            for move, items in lines.grouped("move_id").items()
        ]

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from odoo import api, fields, models
from odoo.tools import format_date

from .due import RECEIVABLE_ITEMS
from .message_origin import AUTOMATIC, DEBTOR, OTHER, OURS
from .sources import get_sources, tells

SEALED_KINDS = ("notice", "plan", "case")


@dataclass(frozen=True)
class Event:
    """One act in the life of a debt, ready to be shown or printed.

    ``kind`` is a word of the addon (``notice``, ``call``, ``payment``, ``promise``…), ``record``
    the record that tells it, ``amount`` is in ``currency``, ``proofs`` are the attachments that
    prove it, ``seals`` the numbers and the sums of what left, as they are printed.
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


CHRONOLOGY_REPORT = "account_dunning_fr.report_chronology"


class AccountDunningChronology(models.AbstractModel):
    """What happened with a customer's debts, by date: read from the records, never stored.

    A feature adds its events by marking with ``@tells`` a method that takes ``(partner, creditor,
    moves)`` and returns events.
    """

    _name = "account.dunning.chronology"
    _description = "Dunning Chronology"

    @api.model
    def _get_sources(self):
        """Return the names of the methods that tell events."""
        return get_sources(self)

    @api.model
    def _get_events(self, partner, creditor, moves=None, until=None):
        """Return what happened, the oldest first.

        :param partner: commercial partner
        :param creditor: ``res.company`` in whose name the customer is chased
        :param moves: only what concerns these invoices; None for everything
        :param date until: last day to tell; None for no limit
        :return: list of :class:`Event`
        """
        events = []
        for source in self._get_sources():
            events += getattr(self, source)(partner, creditor, moves)
        told = [event for event in events if until is None or event.on <= until]
        return sorted(
            self._add_seals(told),
            key=lambda event: (event.on, event.record._name, event.record.id),
        )

    @api.model
    def _add_seals(self, events):
        """Return the events, each document that left with its seals where it is first told."""
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

    @api.model
    @tells
    def _get_notice_events(self, partner, creditor, moves):
        domain = [
            ("partner_id", "=", partner.id),
            ("company_id", "=", creditor.id),
            ("state", "=", "sent"),
            ("has_left", "=", True),
        ]
        if moves is not None:
            domain.append(("line_ids.move_id", "in", moves.ids))
        return [
            Event(
                on=notice._get_reached_on(),
                kind="notice",
                title=notice.level_name,
                detail=", ".join(filter(None, [notice.name, notice._get_reached_channels()])),
                amount=notice.amount_total,
                currency=notice.company_currency_id,
                record=notice,
                moves=notice.move_ids,
                proofs=notice.letter_id,
            )
            for notice in self.env["account.dunning.notice"].search(domain)
        ]

    # -- What the books tell: invoices, payments, credit notes, penalties and holds ----------------

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
        """Tell each invoice on the day it was issued."""
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
                    due=format_date(self.env, move.invoice_date_due or move.date),
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
        """Tell what reduced the debt: payments, credit notes and other entries, by document."""
        domain = [*self._get_item_domain(partner, creditor), ("balance", "<", 0)]
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
        """Tell the penalties that were booked, by entry."""
        domain = [*self._get_item_domain(partner, creditor), ("dunning_penalty_id", "!=", False)]
        if moves is not None:
            domain.append(("dunning_penalty_id.move_id", "in", moves.ids))
        lines = self.env["account.move.line"].search(domain)
        return [
            Event(
                on=move.date,
                kind="penalty",
                title=self.env._("Late-payment penalties booked"),
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

    @api.model
    @tells
    def _get_hold_events(self, partner, creditor, moves):
        """Tell when the dunning was suspended, why, and when it went on."""
        domain = [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]
        if moves is not None:
            domain += ["|", ("move_id", "=", False), ("move_id", "in", moves.ids)]
        labels = dict(
            self.env["account.dunning.hold"]._fields["reason"]._description_selection(self.env)
        )
        events = []
        for hold in self.env["account.dunning.hold"].search(domain):
            detail = ", ".join(filter(None, [labels[hold.reason], hold.note, hold.move_id.name]))
            acts = [(hold.date_from, self.env._("Dunning suspended"))]
            if hold.released_on:
                acts.append((hold.released_on, self.env._("Dunning resumed")))
            events += [
                Event(
                    on=on, kind="hold", title=title, detail=detail, record=hold, moves=hold.move_id
                )
                for on, title in acts
            ]
        return events

    # -- What was written and answered around the reminders ----------------------------------------

    @api.model
    @tells
    def _get_message_events(self, partner, creditor, moves):
        """Tell the e-mails received in answer to reminders, those written, and those returned."""
        domain = [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]
        if moves is not None:
            domain.append(("line_ids.move_id", "in", moves.ids))
        notices = self.env["account.dunning.notice"].search(domain)
        messages = self.env["mail.message"].sudo()
        messages = messages.search(
            [
                ("model", "=", notices._name),
                ("res_id", "in", notices.ids),
                ("message_type", "in", ("email", "comment")),
                ("subtype_id.internal", "=", False),
            ],
            order="date, id",
        )
        by_id = {notice.id: notice for notice in notices}
        events = [self._get_message_event(message, by_id[message.res_id]) for message in messages]
        events += [
            Event(
                on=notice.bounced_on,
                kind="bounce",
                title=self.env._("E-mail returned"),
                detail=", ".join(filter(None, [notice.name, notice.sent_to])),
                record=notice,
                moves=notice.move_ids,
            )
            for notice in notices.filtered("bounced_on")
        ]
        return events

    @api.model
    def _get_message_event(self, message, notice):
        """Return the event of a message, with its subject or its first words."""
        origin = OURS
        if message.message_type == "email":
            origin = message._get_dunning_origin(notice.sudo())
        title = {
            OURS: self.env._("Message sent"),
            DEBTOR: self.env._("E-mail of the customer"),
            AUTOMATIC: self.env._("Automatic answer"),
        }.get(origin) or self.env._("E-mail received from somebody else")
        author = message.author_id.name or message.email_from
        if origin == OTHER:
            author = self.env._("received from %s", message.email_from or author)
        words = message.subject or message.preview
        return Event(
            on=message.date.date(),
            kind="email_out" if origin == OURS else "email_in",
            title=title,
            detail=", ".join(filter(None, [author, words, notice.name])),
            record=notice,
            moves=notice.move_ids,
            proofs=message.attachment_ids if origin != AUTOMATIC else None,
        )

    # -- Print -------------------------------------------------------------------------------------

    @api.model
    def _render_pdf(self, partner, creditor, moves=None, until=None):
        """Return the chronology as a PDF.

        :param partner: commercial partner
        :param creditor: ``res.company``
        :param moves: only what concerns these invoices; None for everything
        :param date until: last day to tell; None for today
        :rtype: bytes
        """
        page = self.env["account.dunning.chronology.page"].create(
            {
                "partner_id": partner.id,
                "company_id": creditor.id,
                "move_ids": [fields.Command.set(moves.ids if moves else [])],
                **({"date_until": until} if until else {}),
            }
        )
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(CHRONOLOGY_REPORT, page.ids)
        return content

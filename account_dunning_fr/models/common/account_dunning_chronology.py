from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from odoo import api, models

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


class AccountDunningChronology(models.AbstractModel):
    """What happened with a customer's debts, by date: read from the records, never stored.

    A feature adds its events by extending ``_get_sources`` with the name of a method that takes
    ``(partner, creditor, moves)`` and returns events.
    """

    _name = "account.dunning.chronology"
    _description = "Dunning Chronology"

    @api.model
    def _get_sources(self):
        """Return the names of the methods that tell events."""
        return ["_get_notice_events"]

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

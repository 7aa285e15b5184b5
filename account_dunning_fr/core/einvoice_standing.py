"""The standing of an e-invoice after its statuses, which come late, twice and in any order.

All statuses of an invoice are read by their day of issue: the order of arrival means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .einvoice import (
    BEFORE_RECEIPT,
    COLLECTED,
    DISPUTE,
    GRACE,
    NEVER_RECEIVED,
    NORMAL,
    PLACES,
    PROOF,
    PROOFS,
    RECEIVED,
    RESUMED,
    STOPS,
    treatment,
)
from .money import ZERO


class Status(NamedTuple):
    """One status of one e-invoice.

    :param code: of XP Z12-012
    :param on: the day on which it was issued
    :param at: the moment, if the platform gives it; None counts as the end of the day
    :param amount: refused (206), sent (211) or collected (212); zero for the whole invoice
    :param reason: code of its reason, or an empty string
    """

    code: str
    on: date
    at: datetime | None = None
    amount: Decimal = ZERO
    reason: str = ""

    @property
    def order(self) -> tuple:
        """The sort key: day of issue, moment, then place in the life cycle."""
        moment = self.at or datetime.combine(self.on, datetime.max.time())
        return self.on, moment, PLACES.get(self.code, -1), self.amount, self.reason


class Stop(NamedTuple):
    """What stops an invoice's dunning: the meaning of a status, since when and for how much."""

    meaning: str
    status: Status
    amount: Decimal = ZERO


class Standing(NamedTuple):
    """The standing of an e-invoice after all its statuses.

    :param stop: what stops its dunning, or None
    :param not_received: as far as is known, it never reached the customer
    :param received_on: the day on which the customer got it after all; None if no status ever said
        that it had not been received
    :param last: the last status, proofs apart where there is another one
    """

    stop: Stop | None
    not_received: bool
    received_on: date | None
    last: Status | None


def standing(statuses: Iterable[Status], total: Decimal = ZERO) -> Standing:
    """Return the standing of an e-invoice, whatever the order in which its statuses arrived.

    A status received twice counts once. A proof ends only what was issued before the customer had
    the invoice; « completed » ends a suspension or a dispute only; collected amounts are added up,
    and stop the whole invoice once they reach its total.

    :param statuses: all those known
    :param total: of the invoice; zero where it is not known
    """
    stop, not_received, received_on, last, collected = None, False, None, None, ZERO
    for status in sorted(set(statuses), key=lambda each: each.order):
        meaning = treatment(status.code, status.reason)
        if status.code in RECEIVED:
            if not_received:
                not_received, received_on = False, status.on
            if stop and stop.status.code in BEFORE_RECEIPT:
                stop = None
        if meaning != PROOF or not last or last.code in PROOFS:
            last = status
        if meaning == NEVER_RECEIVED:
            not_received, received_on = True, None
        if meaning == COLLECTED:
            collected += status.amount
            stop = _after_collection(stop, status, collected, total)
        elif meaning in STOPS:
            stop = Stop(meaning, status, ZERO if meaning == DISPUTE else status.amount)
        elif _ends(meaning, stop):
            stop = None
    return Standing(stop, not_received, received_on, last)


def _after_collection(stop, status, collected, total):
    """What stops an invoice after a receipt: a partial one leaves a dispute as it is."""
    if not status.amount or (total and collected >= total):
        return Stop(COLLECTED, status)
    if stop and stop.meaning not in (GRACE, COLLECTED):
        return stop
    return Stop(COLLECTED, status, collected)


def _ends(meaning, stop):
    if not stop or stop.meaning == COLLECTED:
        return False
    if meaning == RESUMED:
        return stop.status.code in ("207", "208")
    return meaning == NORMAL

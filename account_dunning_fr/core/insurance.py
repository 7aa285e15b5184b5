"""By when an insured debt is reported to the credit insurer: the clocks set by the contract.

No period is built in: each contract has its own, which a person reads in it and enters. What is
late is reported as late; whether to refuse cover for that is the insurer's decision.

>>> contract = Contract(notify_days=60, extension_days=30, intervene_days=90, waiting_days=150)
>>> clocks(contract, date(2026, 3, 31)).intervene_by
datetime.date(2026, 6, 29)
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from .checks import check_date


class Contract(NamedTuple):
    """What a contract of credit insurance sets, in days; None where it sets none.

    :param notify_days: from the due date, to declare what is unpaid (« déclaration d'impayé »)
    :param extension_days: from the due date, the longest extension without the insurer's consent
        (« prorogation »)
    :param intervene_days: from the current due date, to ask the insurer to intervene (« DIC »)
    :param waiting_days: from that request, until the insurer pays (« délai de carence »)
    :param term_days: from the day of an invoice, the longest term of payment that is covered
    :param excludes_disputes: whether a debt is not covered while it is disputed
    """

    notify_days: int | None = None
    extension_days: int | None = None
    intervene_days: int | None = None
    waiting_days: int | None = None
    term_days: int | None = None
    excludes_disputes: bool = False


class Told(NamedTuple):
    """What the insurer was told of a debt, and what the insurer agreed to.

    :param notified_on: day on which it was declared unpaid
    :param asked_on: day on which the insurer was asked to intervene
    :param extended_to: due date agreed with the customer since
    :param consented_on: day on which the insurer consented to an extension longer than the
        contract's
    """

    notified_on: date | None = None
    asked_on: date | None = None
    extended_to: date | None = None
    consented_on: date | None = None


NOTHING_TOLD = Told()


class Clocks(NamedTuple):
    """The last day of each step; None if the contract sets none, or if it has not started yet.

    :param stop_after: last day before deliveries stop: the end of the longest extension, or of the
        longer one to which the insurer consented
    """

    notify_by: date | None
    extend_until: date | None
    intervene_by: date | None
    paid_from: date | None
    stop_after: date | None


def clocks(contract: Contract, due: date, told: Told = NOTHING_TOLD) -> Clocks:
    """Return the last days of an insured debt.

    An extension postpones the request for intervention, never the declaration of what is unpaid;
    one beyond the contract postpones nothing until the insurer consents.

    :param due: the due date that the invoice bears
    :raises ValueError: an extension that ends before the due date, a negative period
    """
    check_date("due", due)
    if any(days is not None and days < 0 for days in contract[:5]):
        raise ValueError("the delays of a contract are not negative")
    if told.extended_to and told.extended_to < due:
        raise ValueError(f"an extension does not end before the due date: {told.extended_to}")
    limit, agreed = _after(due, contract.extension_days), told.extended_to or due
    if limit and agreed > limit and not told.consented_on:
        agreed = limit
    return Clocks(
        _after(due, contract.notify_days),
        limit,
        _after(agreed, contract.intervene_days),
        told.asked_on and _after(told.asked_on, contract.waiting_days),
        limit and max(limit, agreed),
    )


def _after(start: date, days: int | None) -> date | None:
    return None if days is None else start + timedelta(days)


def is_extension_allowed(contract: Contract, due: date, extended_to: date) -> bool:
    """Whether an extension, or a plan's last instalment, needs no consent from the insurer.

    >>> is_extension_allowed(Contract(extension_days=30), date(2026, 3, 31), date(2026, 5, 1))
    False
    """
    return contract.extension_days is None or extended_to <= due + timedelta(
        contract.extension_days
    )


def is_stopped(limits: Clocks, today: date) -> bool:
    """Whether deliveries stop: the debt is unpaid after the longest extension.

    >>> is_stopped(Clocks(None, None, None, None, date(2026, 4, 30)), date(2026, 5, 1))
    True
    """
    return limits.stop_after is not None and today > limits.stop_after

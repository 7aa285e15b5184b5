"""Until when an insured debt is told to the credit insurer: the clocks that the contract sets.

No delay is known here: each contract has its own, which a person reads in it and types. What is
late is said to be late; whether the insurer refuses for that is his decision.

>>> contract = Contract(notify_days=60, extension_days=30, intervene_days=90, waiting_days=150)
>>> clocks(contract, date(2026, 3, 31)).intervene_by
datetime.date(2026, 6, 29)
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .checks import check_amount, check_date
from .money import ZERO, round_to_step

HUNDRED = Decimal(100)
# What is to be done next of an insured debt that is late.
NOTHING, NOTIFY, INTERVENE = "nothing", "notify", "intervene"
LATE, WAIT, CLAIM = "late", "wait", "claim"


class Contract(NamedTuple):
    """The delays of a contract of credit insurance, in days; None where it sets none.

    :param notify_days: from the due date, to declare what is unpaid (« déclaration d'impayé »)
    :param extension_days: from the due date, the longest extension without the insurer's consent
        (« prorogation »)
    :param intervene_days: from the due date as it stands, to ask him to intervene (« DIC »)
    :param waiting_days: from that request, until he pays (« délai de carence »)
    """

    notify_days: int | None = None
    extension_days: int | None = None
    intervene_days: int | None = None
    waiting_days: int | None = None


class Clocks(NamedTuple):
    """The last day of each step; None where the contract sets none, or nothing started it yet."""

    notify_by: date | None
    extend_until: date | None
    intervene_by: date | None
    paid_from: date | None


class Split(NamedTuple):
    """How a debt is shared between the insurer and the insured, in its currency."""

    covered: Decimal
    indemnity: Decimal
    own_share: Decimal


def clocks(
    contract: Contract,
    due: date,
    *,
    extended_to: date | None = None,
    asked_on: date | None = None,
) -> Clocks:
    """Return the last days of an insured debt.

    An extension moves the request for intervention, never the declaration of what is unpaid.

    :param due: the due date that the invoice bears
    :param extended_to: the due date agreed since, None for none
    :param asked_on: day on which the insurer was asked to intervene
    :raises ValueError: an extension that ends before the due date, a negative delay
    """
    check_date("due", due)
    if any(days is not None and days < 0 for days in contract):
        raise ValueError("the delays of a contract are not negative")
    if extended_to and extended_to < due:
        raise ValueError(f"an extension does not end before the due date: {extended_to}")
    return Clocks(
        _after(due, contract.notify_days),
        _after(due, contract.extension_days),
        _after(extended_to or due, contract.intervene_days),
        asked_on and _after(asked_on, contract.waiting_days),
    )


def _after(start: date, days: int | None) -> date | None:
    return None if days is None else start + timedelta(days)


def is_extension_allowed(contract: Contract, due: date, extended_to: date) -> bool:
    """Whether an extension, or the last instalment of a plan, needs no consent of the insurer.

    >>> is_extension_allowed(Contract(extension_days=30), date(2026, 3, 31), date(2026, 5, 1))
    False
    """
    return contract.extension_days is None or extended_to <= due + timedelta(
        contract.extension_days
    )


def next_step(
    limits: Clocks, today: date, *, notified: bool = False, asked_on: date | None = None
) -> str:
    """Return what is to be done next of a debt that is overdue.

    :param notified: whether it was declared unpaid
    :param asked_on: day on which the insurer was asked to intervene

    >>> limits = Clocks(date(2026, 5, 30), None, date(2026, 6, 29), None)
    >>> next_step(limits, date(2026, 6, 1)), next_step(limits, date(2026, 6, 1), notified=True)
    ('late', 'intervene')
    """
    if asked_on:
        return WAIT if limits.paid_from is None or today < limits.paid_from else CLAIM
    if limits.intervene_by and today > limits.intervene_by:
        return LATE
    if not notified and limits.notify_by:
        return LATE if today > limits.notify_by else NOTIFY
    return INTERVENE if limits.intervene_by else NOTHING


def split(amount: Decimal, limit: Decimal, percent: Decimal, step: Decimal) -> Split:
    """Return what the insurer bears of what a customer owes, by the limit that he granted.

    :param amount: what is owed and covered by the contract
    :param limit: granted on this customer
    :param percent: insured share (0 to 100)
    :param step: smallest amount of the currency
    :raises ValueError: a share that is none, a negative amount

    >>> split(Decimal("12000"), Decimal("10000"), Decimal("90"), Decimal("0.01"))
    Split(covered=Decimal('10000'), indemnity=Decimal('9000'), own_share=Decimal('3000'))
    """
    for name, value in (("amount", amount), ("limit", limit)):
        check_amount(name, value)
    if not ZERO <= percent <= HUNDRED:
        raise ValueError(f"a share is from 0 to 100 %: {percent}")
    covered = min(amount, limit)
    indemnity = round_to_step(covered * percent / HUNDRED, step)
    return Split(covered, indemnity, amount - indemnity)

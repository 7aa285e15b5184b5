"""Rates of the receivables, in percent: how much is late, how much came in, how much was promised.

House formulas, as credit managers state them; no article. Every rate is rounded half-up to one
decimal, once, from amounts of one currency, taxes included; None where there is nothing to measure,
which is not the same as 0 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .checks import check_amount, check_decimal
from .money import ZERO

ONE_DECIMAL = Decimal("0.1")
LARGEST = 10  # customers of the concentration


def to_tenth(value: Decimal) -> Decimal:
    """Round half-up to one decimal, as percentages and days are shown.

    >>> to_tenth(Decimal("54.85"))
    Decimal('54.9')
    """
    return value.quantize(ONE_DECIMAL, rounding=ROUND_HALF_UP)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return a part in percent of a whole, None for a whole of zero or less.

    :raises TypeError: an amount that is not a Decimal

    >>> percent(Decimal("1"), Decimal("3"))
    Decimal('33.3')
    """
    check_decimal("part", part)
    check_decimal("whole", whole)
    return to_tenth(part * 100 / whole) if whole > 0 else None


def overdue_rate(overdue: Decimal, receivables: Decimal) -> Decimal | None:
    """Return the share of the receivables that is past its due date (« taux d'échus »).

    >>> overdue_rate(Decimal("25000"), Decimal("100000"))
    Decimal('25.0')
    """
    return percent(overdue, receivables)


def recovery_rate(collected: Decimal, overdue_at_opening: Decimal) -> Decimal | None:
    """Return the share of what was overdue at the start of a period that was collected in it.

    >>> recovery_rate(Decimal("30000"), Decimal("40000"))
    Decimal('75.0')
    """
    return percent(collected, overdue_at_opening)


def collection_effectiveness(
    opening: Decimal, sales: Decimal, closing: Decimal, closing_not_due: Decimal
) -> Decimal | None:
    """Return the collection effectiveness index: what was collected out of what could be collected.

    (opening receivables + sales − closing receivables) ÷ (opening receivables + sales − closing
    receivables not yet due). 100 % when nothing collectable is left.

    >>> collection_effectiveness(*map(Decimal, ("100000", "60000", "80000", "50000")))
    Decimal('72.7')
    """
    return percent(opening + sales - closing, opening + sales - closing_not_due)


def concentration(overdue_by_customer: Iterable[Decimal], overdue: Decimal) -> Decimal | None:
    """Return the share of what is overdue that the ten largest late customers owe.

    >>> concentration([Decimal("30"), Decimal("20")], Decimal("200"))
    Decimal('25.0')
    """
    largest = sorted(overdue_by_customer, reverse=True)[:LARGEST]
    return percent(sum(largest, ZERO), overdue)


class Promise(NamedTuple):
    """What was promised for a day of the period, and what was paid of it by then plus tolerance."""

    promised: Decimal
    paid: Decimal


def promise_keeping_rate(promises: Iterable[Promise]) -> Decimal | None:
    """Return the share of the promised money that was paid in time.

    A payment beyond one promise does not make up for another broken one.

    :raises ValueError: negative amount

    >>> kept, broken = Promise(Decimal("600"), Decimal("900")), Promise(Decimal("400"), ZERO)
    >>> promise_keeping_rate([kept, broken])
    Decimal('60.0')
    """
    promised = kept = ZERO
    for promise in promises:
        check_amount("promised", promise.promised)
        check_amount("paid", promise.paid)
        promised += promise.promised
        kept += min(promise.promised, promise.paid)
    return percent(kept, promised)

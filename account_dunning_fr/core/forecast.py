"""Expected receipts by week, from what customers committed to and from their habits.

House rule, no article: the date a customer committed to (promise, instalment), else the due date
plus the customer's mean delay; what should have come already is expected now, and is at risk. A
disputed amount or an insolvent customer is at risk whatever the habits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .checks import check_choice, check_decimal
from .money import ZERO

WEEKS = 13
CERTAINTIES = ("certain", "probable", "at_risk")


class Expected(NamedTuple):
    """An amount expected on a day, `certainty` one of :data:`CERTAINTIES`."""

    on: date
    amount: Decimal
    certainty: str


class Week(NamedTuple):
    """Receipts expected from `start` to `end`, both included, by certainty.

    `end` is None for everything after the last week.
    """

    start: date
    end: date | None
    amounts: dict[str, Decimal]


def expect(
    due: date,
    today: date,
    mean_delay: int,
    *,
    committed: date | None = None,
    doubtful: bool = False,
) -> tuple[date, str]:
    """Return when an open item is expected, and how certain that is.

    :param mean_delay: days after the due date by which this customer pays, negative before it
    :param committed: day promised by the customer; a past one is a broken promise
    :param doubtful: disputed, or the customer is insolvent

    >>> expect(date(2026, 6, 10), date(2026, 6, 1), 5)
    (datetime.date(2026, 6, 15), 'probable')
    >>> expect(date(2026, 5, 1), date(2026, 6, 1), 5)
    (datetime.date(2026, 6, 1), 'at_risk')
    """
    if committed and committed >= today:
        return committed, "at_risk" if doubtful else "certain"
    usual = due + timedelta(days=mean_delay)
    beyond = committed is not None or max(usual, due) < today
    return max(usual, today), "at_risk" if doubtful or beyond else "probable"


def by_week(expected: Iterable[Expected], today: date, weeks: int = WEEKS) -> list[Week]:
    """Return this number of weeks from the present one, Monday to Sunday, then what comes later.

    :raises ValueError: an unknown certainty, an amount expected in the past

    >>> week, *_ = by_week([Expected(date(2026, 6, 7), Decimal("10"), "certain")], date(2026, 6, 3))
    >>> week.start, week.end, week.amounts["certain"]
    (datetime.date(2026, 6, 1), datetime.date(2026, 6, 7), Decimal('10.00'))
    """
    monday = today - timedelta(days=today.weekday())
    starts = [monday + timedelta(weeks=rank) for rank in range(weeks + 1)]
    result = [
        Week(
            start,
            start + timedelta(days=6) if rank < weeks else None,
            dict.fromkeys(CERTAINTIES, ZERO),
        )
        for rank, start in enumerate(starts)
    ]
    for item in expected:
        check_decimal("amount", item.amount)
        check_choice("certainty", item.certainty, CERTAINTIES)
        if item.on < today:
            raise ValueError(f"expected in the past: {item.on}")
        week = result[min((item.on - monday).days // 7, weeks)]
        week.amounts[item.certainty] += item.amount
    return result

"""Payment plans: how an amount is split into instalments, and which of them were kept.

House rule, no article: equal instalments, the rounding difference in the last one; money received
is set against the instalments in the order of their dates.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from .checks import check_amount, check_date, check_decimal
from .money import CENT, ZERO
from .procedure_deadlines import add_months
from .promises import covers

KEPT, WAITING, MISSED = "kept", "waiting", "missed"
VOID = "void"  # a plan of which the customer owes no item any more
CAUGHT_UP = "caught_up"  # a plan whose missed instalment has been paid since


class Instalment(NamedTuple):
    """One payment of a plan."""

    due: date
    amount: Decimal


class Judged(NamedTuple):
    """What was received of an instalment, and whether it is kept, waiting or missed."""

    received: Decimal
    state: str


def schedule(
    total: Decimal,
    first_on: date,
    count: int,
    *,
    first_amount: Decimal | None = None,
    months: int = 1,
    step: Decimal = CENT,
) -> list[Instalment]:
    """Split an amount into instalments, one every so many months from the first day.

    :param first_amount: the first payment, if it differs; the rest is split equally
    :param step: smallest amount of the currency
    :raises TypeError: an amount that is not a Decimal
    :raises ValueError: no instalment, or one of zero or less

    >>> [(str(due), str(amount)) for due, amount in
    ...  schedule(Decimal("100.00"), date(2026, 1, 31), 3)]
    [('2026-01-31', '33.33'), ('2026-02-28', '33.33'), ('2026-03-31', '33.34')]
    """
    check_amount("total", total)
    check_decimal("first_amount", ZERO if first_amount is None else first_amount)
    check_date("first_on", first_on)
    if count < 1 or months < 1:
        raise ValueError("a plan has one instalment at least, and one month between two")
    first = [] if first_amount is None else [first_amount]
    equal = count - len(first)
    rest = total - sum(first, ZERO)
    share = (rest / equal / step).to_integral_value(ROUND_DOWN) * step if equal else ZERO
    amounts = [*first, *[share] * (equal - 1), *[rest - share * (equal - 1)][: min(equal, 1)]]
    if min(amounts) <= 0 or sum(amounts) != total:
        raise ValueError("the instalments do not add up to the amount, or one is of zero or less")
    return [
        Instalment(add_months(first_on, months * index), amount)
        for index, amount in enumerate(amounts)
    ]


def judge(
    instalments: Sequence[Instalment],
    received: Decimal,
    today: date,
    *,
    tolerance_days: int = 0,
    tolerance: Decimal = ZERO,
) -> list[Judged]:
    """Set what was received against the instalments, and judge each of them on a day.

    :param received: all that was received for the plan so far
    :param tolerance: amount that may be missing on any date
    :raises TypeError: an amount that is not a Decimal
    :raises ValueError: a negative amount

    >>> plan = schedule(Decimal("90.00"), date(2026, 1, 31), 3)
    >>> [state for _received, state in judge(plan, Decimal("45"), date(2026, 3, 1))]
    ['kept', 'missed', 'waiting']
    """
    check_amount("received", received)
    check_amount("tolerance", tolerance)
    left, judged = received, []
    for due, amount in sorted(instalments):
        part = min(left, amount)
        left -= part
        if not amount or covers(part, amount, tolerance):
            state = KEPT
        else:
            state = MISSED if today >= missed_from(due, tolerance_days) else WAITING
        judged.append(Judged(part, state))
    return judged


def missed_from(due: date, tolerance_days: int) -> date:
    """Return the day from which an instalment that is not paid counts as missed.

    >>> str(missed_from(date(2026, 1, 31), 5))
    '2026-02-06'
    """
    return due + timedelta(days=tolerance_days + 1)


def find(states: Collection[str], *, settled: bool, warned: bool, void: bool = False) -> str | None:
    """Return what became of a plan: kept, missed, caught up, void, or None while it goes on.

    :param states: of its instalments, as ``judge`` returns them
    :param settled: nothing is left open of the plan's items, however they were paid
    :param warned: the customer was told of a missed instalment
    :param void: he owes none of its items any more: cancelled, deleted, another customer's

    >>> find([KEPT, MISSED, WAITING], settled=False, warned=False)
    'missed'
    >>> find([KEPT, WAITING], settled=False, warned=True)
    'caught_up'
    """
    if void:
        return VOID
    if settled or set(states) == {KEPT}:
        return KEPT
    if MISSED in states:
        return MISSED
    return CAUGHT_UP if warned else None

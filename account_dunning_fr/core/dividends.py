"""Dividends of a plan in the insolvency of a debtor: percentages of the claim admitted, by date.

House rule, no article: the plan sets the dates and the percentages; each dividend is what is due up
to its date less the earlier ones, so that their sum is the share of the claim to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from .checks import check_amount, check_date, check_decimal
from .instalments import Instalment
from .money import CENT, ZERO, to_cents
from .procedure_deadlines import add_months

HUNDRED = Decimal(100)
MOST_YEARS = 30  # a bound against typing errors; the plan sets the number


class Share(NamedTuple):
    """One dividend as the plan states it: its day, and its part of the claim in percent."""

    due: date
    percent: Decimal


def yearly(first_on: date, years: int, total: Decimal = HUNDRED) -> list[Share]:
    """Return equal shares, one per year; the rounding difference is in the last.

    :param total: percentage of the claim that the plan pays; the rest is given up
    :raises ValueError: no year, too many, or a percentage that is not above 0 and at most 100

    >>> [(share.due.year, str(share.percent)) for share in yearly(date(2027, 9, 1), 3)]
    [(2027, '33.33'), (2028, '33.33'), (2029, '33.34')]
    """
    check_date("first_on", first_on)
    check_decimal("total", total)
    if not 1 <= years <= MOST_YEARS:
        raise ValueError(f"a plan of dividends has 1 to {MOST_YEARS} years")
    if not ZERO < total <= HUNDRED:
        raise ValueError("a plan pays more than 0 and at most 100 percent")
    equal = (total / years).quantize(CENT, ROUND_DOWN)
    percents = [equal] * (years - 1) + [total - equal * (years - 1)]
    return [Share(add_months(first_on, 12 * year), part) for year, part in enumerate(percents)]


def dividends(admitted: Decimal, shares: Sequence[Share]) -> list[Instalment]:
    """Return the dividends in the order of their dates, to the cent.

    :param admitted: claim admitted, euros
    :raises ValueError: a negative claim or percentage, or more than 100 percent in all

    >>> [str(amount) for _due, amount in dividends(Decimal("100.01"), yearly(date(2027, 1, 1), 3))]
    ['33.33', '33.34', '33.34']
    """
    check_amount("admitted", admitted)
    if any(share.percent < 0 for share in shares):
        raise ValueError("a dividend is of no negative percentage")
    if sum((share.percent for share in shares), ZERO) > HUNDRED:
        raise ValueError("the dividends are more than the claim")
    reached, paid, found = ZERO, ZERO, []
    for due, percent in sorted(shares):
        reached += percent
        due_so_far = to_cents(admitted * reached / HUNDRED)
        found.append(Instalment(due, due_so_far - paid))
        paid = due_so_far
    return found

"""Days of sales outstanding: how many days of turnover the customers still owe.

House formulas, as credit managers state them; no article. Receivables and sales both include taxes:
mixing amounts with and without VAT is the classic error. Days are rounded half-up to one decimal.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from .checks import check_decimal
from .money import ZERO
from .ratios import to_tenth


class Month(NamedTuple):
    """Sales of one month, taxes included, less credit notes; `days` of it up to the as-of date."""

    days: int
    sales: Decimal


class CountBack(NamedTuple):
    """A count-back in days; `complete` is false if it used up all the months given."""

    days: Decimal
    complete: bool


def accounting_dso(receivables: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Return receivables ÷ sales of a period × days of the period; None without sales.

    :param days: days of the period, more than zero

    >>> accounting_dso(Decimal("100000"), Decimal("600000"), 365)
    Decimal('60.8')
    """
    check_decimal("receivables", receivables)
    check_decimal("sales", sales)
    if days <= 0:
        raise ValueError(f"days must be more than zero: {days}")
    return to_tenth(receivables * days / sales) if sales > 0 else None


def count_back_dso(receivables: Decimal, months: Iterable[Month]) -> CountBack:
    """Return how many days of the most recent sales the receivables make up (« épuisement »).

    Each month's sales are taken off the receivables, newest first; a month absorbed whole counts
    its days, the last one its share. A month without sales, or with more credit notes than sales,
    counts its days and absorbs nothing. Applied to receivables not yet due only, it gives the best
    possible DSO.

    :param months: newest first, without a gap

    >>> sales = [Month(30, Decimal("60000")), Month(31, Decimal("50000"))]
    >>> count_back_dso(Decimal("100000"), sales).days
    Decimal('54.8')
    """
    check_decimal("receivables", receivables)
    left, days = receivables, ZERO
    for month in months:
        if left <= 0:
            break
        check_decimal("sales", month.sales)
        if left < month.sales:
            return CountBack(to_tenth(days + left * month.days / month.sales), True)
        left -= max(month.sales, ZERO)
        days += month.days
    return CountBack(to_tenth(days), left <= 0)


def months_absorbed(receivables: Decimal, months: Iterable[Month]) -> int:
    """Return how many months a count-back uses, the last one in part.

    :param months: newest first, without a gap

    >>> sales = [Month(30, Decimal("60000")), Month(31, Decimal("50000"))]
    >>> months_absorbed(Decimal("60000"), sales), months_absorbed(Decimal("60001"), sales)
    (1, 2)
    """
    left, seen = receivables, 0
    for month in months:
        if left <= 0:
            break
        check_decimal("sales", month.sales)
        left -= max(month.sales, ZERO)
        seen += 1
    return seen


def average_days_delinquent(dso: Decimal, best_possible_dso: Decimal) -> Decimal:
    """Return the part of the DSO that late payment alone explains; both by the same method.

    >>> average_days_delinquent(Decimal("54.8"), Decimal("38.0"))
    Decimal('16.8')
    """
    return dso - best_possible_dso

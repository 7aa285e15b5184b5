"""Late days: the mean delay weighted by the money, and the ages of the aged balance.

House formulas, no article. A payment before the due date counts as a negative delay: it makes up
for a late one, as it does in the bank account.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from .checks import check_decimal
from .money import ZERO
from .ratios import percent, to_tenth

# The last day of each bracket of the aged balance but the oldest: not due, 1-30, 31-60…
AGES = (0, 30, 60, 90, 120)


class Delay(NamedTuple):
    """An amount paid, or still open, so many days after its due date, or after its invoice."""

    days: int
    amount: Decimal


def mean_delay(delays: Iterable[Delay]) -> Decimal | None:
    """Return Σ(amount × days) ÷ Σ amount, None without amount.

    Computed on payments alone, it flatters a customer who pays nothing: show it beside the figure
    that includes what is open and overdue, at its present age (:func:`mean_delay_with_open`).

    >>> mean_delay([Delay(10, Decimal("300")), Delay(-2, Decimal("100"))])
    Decimal('7.0')
    """
    weighted = total = ZERO
    for delay in delays:
        check_decimal("amount", delay.amount)
        weighted += delay.amount * delay.days
        total += delay.amount
    return to_tenth(weighted / total) if total > 0 else None


def mean_delay_with_open(paid: Iterable[Delay], overdue: Iterable[Delay]) -> Decimal | None:
    """Return the mean delay of what was paid and of what is overdue, each at its age.

    >>> mean_delay_with_open([Delay(0, Decimal("100"))], [Delay(90, Decimal("100"))])
    Decimal('45.0')
    """
    return mean_delay([*paid, *overdue])


def contractual_days(terms: Iterable[Delay]) -> Decimal | None:
    """Return the mean term of payment (« DSO contractuel »), weighted by the amounts.

    :param terms: amounts and their days between the invoice and the due date

    >>> contractual_days([Delay(30, Decimal("900")), Delay(60, Decimal("100"))])
    Decimal('33.0')
    """
    return mean_delay(terms)


def mean_payment_days(paid: Iterable[Delay]) -> Decimal | None:
    """Return the mean time that customers take to pay, weighted by the amounts.

    :param paid: amounts paid and their days between the invoice and the payment

    >>> mean_payment_days([Delay(45, Decimal("100")), Delay(15, Decimal("200"))])
    Decimal('25.0')
    """
    return mean_delay(paid)


def on_time_rate(paid: Iterable[Delay]) -> Decimal | None:
    """Return the share, in percent, of the money paid on the due date or before.

    >>> on_time_rate([Delay(0, Decimal("100")), Delay(1, Decimal("300"))])
    Decimal('25.0')
    """
    paid = list(paid)
    in_time = sum((delay.amount for delay in paid if delay.days <= 0), ZERO)
    return percent(in_time, sum((delay.amount for delay in paid), ZERO))


def on_time_rate_of_due(paid: Iterable[Delay], overdue: Iterable[Delay]) -> Decimal | None:
    """Return the share, in percent, of the money fallen due that was paid by its due date.

    What was paid before its due date counts as fallen due; what is overdue and open as unpaid.

    >>> on_time_rate_of_due([Delay(0, Decimal("100"))], [Delay(9, Decimal("300"))])
    Decimal('25.0')
    """
    return on_time_rate([*paid, *overdue])


def age(days_late: int) -> int:
    """Return the place, in the aged balance, of an item so many days late; 0 is not due.

    >>> [age(days) for days in (-5, 0, 1, 30, 31, 120, 121)]
    [0, 0, 1, 1, 2, 4, 5]
    """
    return bisect_left(AGES, days_late)

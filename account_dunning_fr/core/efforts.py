"""What the work of collecting amounts to: cases moved, customers reached, disputes, costs, losses.

House formulas, as credit managers state them; no article. Rates are in percent and days have one
decimal, rounded half-up once; None where there is nothing to measure, which is not 0.
"""

from __future__ import annotations

from decimal import Decimal

from .checks import check_amount
from .money import to_cents
from .ratios import percent, to_tenth


def share_of(count: int, whole: int) -> Decimal | None:
    """Return how many out of a number, in percent; None out of nothing.

    :raises ValueError: a count that is negative, or more than the whole

    >>> share_of(1, 3), share_of(0, 0)
    (Decimal('33.3'), None)
    """
    if not 0 <= count <= whole:
        raise ValueError(f"count must be from 0 to {whole}: {count}")
    return percent(Decimal(count), Decimal(whole))


def activation_rate(active: int, late: int) -> Decimal | None:
    """Return the share of late customers who were written to or called, or who paid something.

    >>> activation_rate(45, 60)
    Decimal('75.0')
    """
    return share_of(active, late)


def contact_rate(reached: int, calls: int) -> Decimal | None:
    """Return the share of calls in which somebody was reached.

    >>> contact_rate(18, 40)
    Decimal('45.0')
    """
    return share_of(reached, calls)


def plan_keeping_rate(kept: int, due: int) -> Decimal | None:
    """Return the share of the instalments fallen due that were paid in time.

    >>> plan_keeping_rate(9, 12)
    Decimal('75.0')
    """
    return share_of(kept, due)


def loss_rate(losses: Decimal, turnover: Decimal) -> Decimal | None:
    """Return the bad debts written off (654) in percent of the turnover, both without taxes.

    >>> loss_rate(Decimal("1200"), Decimal("400000"))
    Decimal('0.3')
    """
    return percent(losses, turnover)


def dispute_rate(disputed: Decimal, sales: Decimal) -> Decimal | None:
    """Return the disputed amount in percent of the invoiced amount, both with taxes.

    >>> dispute_rate(Decimal("9000"), Decimal("600000"))
    Decimal('1.5')
    """
    return percent(disputed, sales)


def mean_days(days: int, count: int) -> Decimal | None:
    """Return a mean in days, in which all cases weigh the same; None without any case.

    :param days: of all the cases, added up
    :raises ValueError: negative count

    >>> mean_days(50, 4)
    Decimal('12.5')
    """
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    return to_tenth(Decimal(days) / count) if count else None


def cost_per_euro(costs: Decimal, recovered: Decimal) -> Decimal | None:
    """Return the cost of each euro recovered, to the cent; None if nothing was recovered.

    :param costs: postage, fees and time of the period, taken from the same books
    :raises ValueError: negative amount

    >>> cost_per_euro(Decimal("150"), Decimal("6000"))
    Decimal('0.03')
    """
    check_amount("costs", costs)
    check_amount("recovered", recovered)
    return to_cents(costs / recovered) if recovered else None

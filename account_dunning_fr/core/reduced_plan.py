"""What is left of the instalments of a payment plan once less is owed than was agreed.

House rule, no article: what a credit note or a cancelled invoice takes off the debt shortens the
plan from its end; the instalments that come first stay as they were signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .checks import check_amount
from .instalments import Instalment


def reduced(instalments: Sequence[Instalment], owed: Decimal) -> list[Instalment]:
    """Return the instalments by their dates, the last ones cut to what is owed in all.

    :param owed: what was paid of the plan, and what is still open
    :raises TypeError: an amount that is not a Decimal
    :raises ValueError: a negative amount

    >>> from datetime import date
    >>> plan = [Instalment(date(2026, month, 1), Decimal("30")) for month in (1, 2, 3)]
    >>> [str(amount) for _due, amount in reduced(plan, Decimal("40"))]
    ['30', '10', '0']
    """
    check_amount("owed", owed)
    left, cut = owed, []
    for due, amount in sorted(instalments):
        part = min(left, amount)
        cut.append(Instalment(due, part))
        left -= part
    return cut

"""What a run books: the difference between what is owed and what the books already say.

>>> to_book(Decimal("30.29"), Decimal("0.00"), Decimal("20.31"))
Decimal('9.98')
"""

from __future__ import annotations

from decimal import Decimal

from .checks import check_amount, check_decimal
from .money import ZERO


def to_book(computed: Decimal, waived: Decimal, booked: Decimal) -> Decimal:
    """Return what is still to book of one part of a penalty; negative if too much is booked.

    A waiver applies to what was owed when it was granted: what accrues beyond it is booked. A
    waiver larger than the computed amount leaves nothing to claim, and never makes the creditor a
    debtor.

    :param booked: what the books say, corrections included; it may be negative
    :raises TypeError: an amount that is not a Decimal
    :raises ValueError: a negative computed or waived amount
    """
    check_amount("computed", computed)
    check_amount("waived", waived)
    check_decimal("booked", booked)
    return max(computed - waived, ZERO) - booked

"""What the credit insurer bears of a debt: the insured share, within the customer's limit.

>>> [split.covered for split in share([Decimal("7000"), Decimal("5000")], Decimal("10000"),
...                                   Decimal("90"), Decimal("0.01"))]
[Decimal('7000'), Decimal('3000')]
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from .checks import check_amount
from .money import ZERO, round_to_step

HUNDRED = Decimal(100)


class Split(NamedTuple):
    """How a debt is shared between the insurer and the insured, in its currency."""

    covered: Decimal
    indemnity: Decimal
    own_share: Decimal


def share(
    amounts: Iterable[Decimal], limit: Decimal, percent: Decimal, step: Decimal
) -> list[Split]:
    """Return how a customer's debts are shared; the first ones use up the limit first.

    :param amounts: the amount owed on each debt covered by the contract, the oldest first
    :param limit: granted on this customer
    :param percent: insured share (0 to 100)
    :param step: smallest amount of the currency
    :raises ValueError: a share out of bounds, a negative amount
    """
    check_amount("limit", limit)
    if not ZERO <= percent <= HUNDRED:
        raise ValueError(f"a share is from 0 to 100 %: {percent}")
    splits, room = [], limit
    for amount in amounts:
        check_amount("amount", amount)
        covered = min(amount, room)
        room -= covered
        indemnity = round_to_step(covered * percent / HUNDRED, step)
        splits.append(Split(covered, indemnity, amount - indemnity))
    return splits

"""What the credit insurer bears of a debt: within the limit on the customer, his share of it.

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
    """Return how the debts of a customer are shared; the first ones fill the limit first.

    :param amounts: what is owed of each debt that the contract covers, the oldest first
    :param limit: granted on this customer
    :param percent: insured share (0 to 100)
    :param step: smallest amount of the currency
    :raises ValueError: a share that is none, a negative amount
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

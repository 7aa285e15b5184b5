"""Sets a customer's credits against what the customer owes.

Unallocated payments, credit notes and payments in process count first for the invoice they refer
to, then for the oldest due date (C. civ. 1342-10: failing the debtor's choice, debts already due,
and the oldest). Claiming less than is owed can be corrected; claiming what has been paid cannot.

Money paid back to the customer is deducted first (`core.spec.returned_money`). Money that is only
possibly a payment, such as an advance or money in another currency, covers what is left by its
value (`allocate` again, on values), and `share` returns how much of an item that is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .checks import check_amount
from .money import ZERO

# Money in another currency counts for a little more than at the rate of its day: rates move, banks
# take their fees, and what is not claimed today can be claimed tomorrow. House rule, no article.
RATE_MARGIN = Decimal("1.05")


class OpenItem(NamedTuple):
    """One due item: `due` its due date, `residual` what is unpaid, zero or more.

    `held` is the part of it that is disputed, and that no credit covers.
    """

    key: Hashable
    invoice: Hashable
    due: date
    residual: Decimal
    held: Decimal = ZERO


class Credit(NamedTuple):
    """An amount in favour of the customer, zero or more; `invoice` is the one it refers to."""

    amount: Decimal
    invoice: Hashable | None = None


class Share(NamedTuple):
    """What one credit covers of one item; `credit` is its rank in the credits given."""

    key: Hashable
    credit: int
    amount: Decimal


class Allocation(NamedTuple):
    """The amount covered of each item (zero included), the rest of the credits, and the shares."""

    covered: dict[Hashable, Decimal]
    left: Decimal
    shares: tuple[Share, ...] = ()


def allocate(items: Iterable[OpenItem], credits: Iterable[Credit]) -> Allocation:
    """Set credits against items, all of one customer and one currency.

    What exceeds the invoice a credit refers to, or refers to an invoice absent from the items, goes
    to the oldest due date. Neither order affects how much is covered; items with equal due dates
    are served by key. Which credit covers what depends on the order of the credits: pass them by
    date.

    :raises TypeError: an amount that is not a Decimal
    :raises ValueError: negative amount, more held than unpaid, two items with the same key

    >>> old = OpenItem(1, "A", date(2026, 1, 31), Decimal("100.00"))
    >>> new = OpenItem(2, "B", date(2026, 2, 28), Decimal("50.00"))
    >>> allocate([old, new], [Credit(Decimal("60.00"), "B")]).covered
    {1: Decimal('10.00'), 2: Decimal('50.00')}
    """
    items = sorted(items, key=lambda item: (item.due, item.key))
    covered = {item.key: ZERO for item in items}
    _check(items, covered)
    by_invoice: dict[Hashable, deque[OpenItem]] = {}
    for item in items:
        by_invoice.setdefault(item.invoice, deque()).append(item)
    shares: list[Share] = []
    left: list[Decimal] = []
    for rank, credit in enumerate(credits):
        check_amount("amount", credit.amount)
        own = by_invoice.get(credit.invoice, deque()) if credit.invoice is not None else deque()
        left.append(_cover(own, rank, credit.amount, covered, shares))
    waiting = deque(item for item in items if _room(item, covered))
    for rank, amount in enumerate(left):
        left[rank] = _cover(waiting, rank, amount, covered, shares)
    return Allocation(covered, sum(left, ZERO), tuple(shares))


def _check(items: list[OpenItem], keys: dict[Hashable, Decimal]) -> None:
    for item in items:
        check_amount("residual", item.residual)
        check_amount("held", item.held)
        if item.held > item.residual:
            raise ValueError("more is held than what is unpaid")
    if len(keys) != len(items):
        raise ValueError("two items with the same key")


def _room(item: OpenItem, covered: dict[Hashable, Decimal]) -> Decimal:
    """Return what a credit may still cover of an item."""
    return item.residual - item.held - covered[item.key]


def _cover(
    items: deque[OpenItem],
    rank: int,
    amount: Decimal,
    covered: dict[Hashable, Decimal],
    shares: list[Share],
) -> Decimal:
    """Cover items in order, drop those fully covered, and return what is left."""
    while amount and items:
        item = items[0]
        part = min(amount, _room(item, covered))
        if part:
            covered[item.key] += part
            shares.append(Share(item.key, rank, part))
            amount -= part
        if not _room(item, covered):
            items.popleft()
    return amount


def share(left: Decimal, value: Decimal, covered: Decimal, places: int) -> Decimal:
    """Return how much of an item is covered by money counted at its value.

    :param left: what is left of the item, in its currency
    :param value: the same in the company's currency
    :param covered: the value of what covers it
    :param places: decimals of the item's currency

    >>> share(Decimal("125.00"), Decimal("100.00"), Decimal("40.00"), 2)
    Decimal('50.00')
    """
    if not covered:
        return ZERO
    part = left * min(Decimal(1), covered / value)
    return part.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

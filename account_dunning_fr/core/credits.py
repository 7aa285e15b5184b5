"""Setting a customer's credits against what he owes.

Unallocated payments, credit notes and payments in process count first for the invoice they refer
to, then for the oldest due date (C. civ. 1342-10: failing the debtor's choice, debts already due,
and the oldest). Claiming less than is owed can be mended; claiming what is paid cannot.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .checks import check_amount
from .money import ZERO


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


class Allocation(NamedTuple):
    """Amount covered of every item, zero included, and what is left of the credits."""

    covered: dict[Hashable, Decimal]
    left: Decimal


def allocate(items: Iterable[OpenItem], credits: Iterable[Credit]) -> Allocation:
    """Set credits against items, all of one customer and one currency.

    What exceeds the invoice a credit refers to, or refers to an invoice absent from the items, goes
    to the oldest due date. Neither order matters; equal due dates are served by key.

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
    by_invoice: dict[Hashable, list[OpenItem]] = {}
    for item in items:
        by_invoice.setdefault(item.invoice, []).append(item)
    referring, pool = _sort_credits(credits)
    for invoice, amount in referring.items():
        pool += _cover(by_invoice.get(invoice, []), amount, covered)
    return Allocation(covered, _cover(items, pool, covered))


def _check(items: list[OpenItem], keys: dict[Hashable, Decimal]) -> None:
    for item in items:
        check_amount("residual", item.residual)
        check_amount("held", item.held)
        if item.held > item.residual:
            raise ValueError("more is held than what is unpaid")
    if len(keys) != len(items):
        raise ValueError("two items with the same key")


def _sort_credits(credits: Iterable[Credit]) -> tuple[dict[Hashable, Decimal], Decimal]:
    """Add up the credits of each invoice, and those that refer to none."""
    referring: dict[Hashable, Decimal] = {}
    pool = ZERO
    for credit in credits:
        check_amount("amount", credit.amount)
        if credit.invoice is None:
            pool += credit.amount
        else:
            referring[credit.invoice] = referring.get(credit.invoice, ZERO) + credit.amount
    return referring, pool


def _cover(items: list[OpenItem], amount: Decimal, covered: dict[Hashable, Decimal]) -> Decimal:
    """Cover items in their order and return what is left of the amount."""
    for item in items:
        part = min(amount, item.residual - item.held - covered[item.key])
        covered[item.key] += part
        amount -= part
    return amount

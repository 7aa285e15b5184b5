"""What a customer's waiting money covered of the customer's debts, day by day.

On each day the money in hand covers what the books left open on that day: the invoice it refers to,
else the oldest due date (C. civ. 1342-10), as `core.credits` does for a single day. A creditor who
holds a payment has been paid by it, whatever is set against the debt later: the money that such a
settlement replaces is free from that day on for the next debt, and nothing is counted twice.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .checks import check_amount, check_date
from .credits import OpenItem
from .money import ZERO


class Paid(NamedTuple):
    """What the books set against an item on a day, zero or more."""

    key: Hashable
    on: date
    amount: Decimal


class Waiting(NamedTuple):
    """A sum set against nothing yet, zero or more; `invoice` is the one it refers to."""

    on: date
    amount: Decimal
    invoice: Hashable | None = None


class Placed(NamedTuple):
    """What a waiting sum covers of an item from a day on; `credit` is its rank."""

    key: Hashable
    credit: int
    on: date
    amount: Decimal


class Freed(NamedTuple):
    """What a payment of the books took over of what a sum covered; `paid` is its rank."""

    key: Hashable
    credit: int
    paid: int
    amount: Decimal


def allocate_in_time(
    items: Iterable[OpenItem], paid: Iterable[Paid], waiting: Iterable[Waiting]
) -> tuple[list[Placed], list[Freed]]:
    """Set waiting money against items day by day, all of one customer and one currency.

    :param items: as the books leave them today, settled ones too (`residual` zero)
    :param paid: what the books set against them, in any order; payments of other items are ignored
    :param waiting: in any order; those of one day are placed in that given
    :return: what is placed, and what is freed again; the difference covers today what
        `core.credits.allocate` returns
    :raises TypeError: an amount that is not a Decimal, a date that is none
    :raises ValueError: a negative amount

    >>> item = OpenItem(1, "A", date(2026, 1, 31), Decimal(100))
    >>> later = Paid(1, date(2026, 3, 15), Decimal(900))
    >>> placed, freed = allocate_in_time([item], [later], [Waiting(item.due, Decimal(300))])
    >>> placed[0].amount, freed[0].amount
    (Decimal('300.00'), Decimal('200.00'))
    """
    paid, waiting = list(paid), list(waiting)
    for one in (*paid, *waiting):
        check_date("on", one.on)
        check_amount("amount", one.amount)
    course = _Course(items, paid)
    days = defaultdict(lambda: ([], []))
    for rank, one in enumerate(paid):
        days[one.on][0].append((rank, one))
    for rank, one in enumerate(waiting):
        days[one.on][1].append((rank, one.amount, one.invoice))
    for on, (settling, coming) in sorted(days.items()):
        free = [part for rank, one in settling for part in course.settle(rank, one)]
        for credit, amount, invoice in (*free, *coming):
            course.place(credit, amount, invoice, on)
    return course.placed, course.freed


class _Course:
    """What is covered of each item day by day; what may still be covered (`room`) never grows."""

    def __init__(self, items: Iterable[OpenItem], paid: list[Paid]) -> None:
        items = sorted(items, key=lambda item: (item.due, item.key))
        self.oldest = deque(item.key for item in items)
        self.invoices = {item.key: item.invoice for item in items}
        self.own: dict[Hashable, list[Hashable]] = defaultdict(list)
        for item in items:
            self.own[item.invoice].append(item.key)
        self.room = {item.key: item.residual - item.held for item in items}
        for one in paid:
            self.room[one.key] = self.room.get(one.key, ZERO) + one.amount
        # Of each item, the latest first: [credit, amount, whether it refers to its invoice].
        self.covers: dict[Hashable, list[list]] = defaultdict(list)
        self.placed: list[Placed] = []
        self.freed: list[Freed] = []

    def settle(self, rank: int, one: Paid) -> list[tuple[int, Decimal, Hashable | None]]:
        """Settle a part of an item by the books; return what is freed: credit, amount, invoice."""
        left = self.room[one.key] - one.amount
        self.room[one.key] = max(left, ZERO)
        excess, free = max(-left, ZERO), []
        for cover in sorted(self.covers[one.key], key=lambda cover: cover[2]):
            part = min(excess, cover[1])
            cover[1] -= part
            excess -= part
            if part:
                invoice = self.invoices[one.key] if cover[2] else None
                self.freed.append(Freed(one.key, cover[0], rank, part))
                free.append((cover[0], part, invoice))
        self.covers[one.key] = [cover for cover in self.covers[one.key] if cover[1]]
        return free

    def place(self, credit: int, amount: Decimal, invoice: Hashable | None, on: date) -> None:
        """Cover the items of the invoice that a sum refers to, then those due first."""
        displaced = ZERO
        for key in self.own.get(invoice, ()) if invoice is not None else ():
            # Other money that covers them goes on in its place: the same is covered.
            for cover in [cover for cover in self.covers[key] if not cover[2]]:
                part = min(amount, cover[1])
                cover[1] -= part
                self.covers[key].insert(0, [cover[0], part, True])
                amount, displaced = amount - part, displaced + part
            amount = self._cover(key, credit, amount, on, is_own=True)
        amount += displaced
        while amount and self.oldest:
            amount = self._cover(self.oldest[0], credit, amount, on, is_own=False)
            if not self.room[self.oldest[0]]:
                self.oldest.popleft()

    def _cover(self, key: Hashable, credit: int, amount: Decimal, on: date, *, is_own: bool):
        """Cover as much of an item as possible, and return what is left of the amount."""
        part = min(amount, self.room[key])
        if part:
            self.room[key] -= part
            self.covers[key].insert(0, [credit, part, is_own])
            self.placed.append(Placed(key, credit, on, part))
        return amount - part

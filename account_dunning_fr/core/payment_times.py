"""When customers pay, from their past payments: Kaplan–Meier curve of the days late.

House rule, no article. E. L. Kaplan and P. Meier, « Nonparametric estimation from incomplete
observations », J. Amer. Statist. Assoc. 53 (1958): what is still open counts as « not paid up to
its present age », neither as paid nor as lost; what was observed only from a later age on (delayed
entry) is at risk from that age. The weights are amounts of money, so that a partial payment is an
event weighted by its amount.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from .money import ZERO

ONE = Decimal(1)


class Curve(NamedTuple):
    """The share of the money still unpaid after each age, in days from the due date.

    ``ages`` are those at which something was paid, in order; ``shares`` what was unpaid afterwards.
    """

    ages: tuple[int, ...]
    shares: tuple[Decimal, ...]

    def unpaid_after(self, age: int) -> Decimal:
        """Return the share of the money still unpaid at the end of the day of an age.

        >>> Curve((1, 3), (Decimal("0.8"), Decimal("0.2"))).unpaid_after(2)
        Decimal('0.8')
        """
        place = bisect_right(self.ages, age)
        return self.shares[place - 1] if place else ONE

    def paid_between(self, age: int, after: int, until: int) -> Decimal:
        """Return the probability that what is unpaid at an age is paid within some later days.

        If everything observed had been paid by that age, nothing is known: zero.

        :param age: days late at the end of the day, negative before the due date
        :param after: days from then on that do not count
        :param until: last day that counts

        >>> Curve((1, 3), (Decimal("0.8"), Decimal("0.2"))).paid_between(1, 0, 2)
        Decimal('0.75')
        """
        now = self.unpaid_after(age)
        if now <= 0:
            return ZERO
        return (self.unpaid_after(age + after) - self.unpaid_after(age + until)) / now


def kaplan_meier(
    entered: Mapping[int, Decimal], paid: Mapping[int, Decimal], left: Mapping[int, Decimal]
) -> Curve:
    """Return the curve of what was observed.

    :param entered: money by the first age at which it was observed (that of its invoice, or later)
    :param paid: money by the age at which it was paid
    :param left: money by the last age at which it was observed unpaid: still open, or removed other
        than by payment

    >>> one = Decimal(1)
    >>> kaplan_meier({0: Decimal(4)}, {1: one, 3: one}, {2: one, 5: one})
    Curve(ages=(1, 3), shares=(Decimal('0.75'), Decimal('0.375')))
    """
    entries = sorted(entered.items())
    exits = sorted((age, amount) for each in (paid, left) for age, amount in each.items())
    at_risk, share, coming, going = ZERO, ONE, 0, 0
    shares = {}
    for age in sorted(paid):
        while coming < len(entries) and entries[coming][0] <= age:
            at_risk += entries[coming][1]
            coming += 1
        while going < len(exits) and exits[going][0] < age:
            at_risk -= exits[going][1]
            going += 1
        if at_risk > 0 and paid[age] > 0:
            share *= max(ONE - paid[age] / at_risk, Decimal(0))
            shares[age] = share
    return Curve(tuple(shares), tuple(shares.values()))

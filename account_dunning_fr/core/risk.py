"""The class of a customer, A to E, from our own books: points that anybody can add up.

House rule, no article. It is neither a forecast nor a bought score: each point has its fact and its
reason, and a person decides what follows. Who may be rated: ``rated_persons``.

>>> rate(Facts(settled=12, late_days=18, broken_promises=1)).letter
'B'
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from .money import ZERO

SHORT_HISTORY = 3  # a customer with fewer settled items is not known yet
PERCENT = Decimal(100)

# For each fact, the points from each value on; the highest value reached counts.
STEPS = {
    "delay": ((1, 1), (11, 2), (31, 4), (61, 6)),  # days late on average, by amount
    "oldest": ((31, 1), (61, 2), (91, 4)),  # days since the oldest unpaid item was due
    "promises": ((1, 1), (2, 2), (3, 4)),
    "debits": ((1, 2), (2, 4)),
    "limit": ((80, 1), (101, 2), (151, 4)),  # percentage of the limit that is used
}
CLASSES = ((10, "E"), (7, "D"), (4, "C"), (2, "B"), (0, "A"))
LETTERS = "ABCDE"


class Facts(NamedTuple):
    """What the ledger and our records say about a customer.

    :param settled: items paid in the last twelve months
    :param late_days: average days from the due date to the payment, weighted by amount, overdue
        items counting with their age; whole days, zero for early
    :param oldest_days: days since the oldest unpaid item was due, zero for none
    :param broken_promises: promises not kept, or only in part
    :param unpaid_debits: direct debits that the bank took back
    :param used: what the customer owes, due or not, in the creditor's currency
    :param limit: the limit granted; None where none was
    :param insolvent: whether insolvency proceedings are open, even if still to be confirmed
    """

    settled: int = 0
    late_days: int = 0
    oldest_days: int = 0
    broken_promises: int = 0
    unpaid_debits: int = 0
    used: Decimal = ZERO
    limit: Decimal | None = None
    insolvent: bool = False


class Reason(NamedTuple):
    """Why some points are given: a key of ``STEPS``, ``insolvency`` or ``history``; its value."""

    key: str
    value: int
    points: int


class Rating(NamedTuple):
    """A class, its points, and the reasons, which add up to these points."""

    letter: str
    points: int
    reasons: tuple[Reason, ...]


def rate(facts: Facts) -> Rating:
    """Return the class of a customer with the reasons for it.

    A customer in insolvency proceedings is E. A customer who has paid fewer than three items is C
    at best: nothing is known of such a customer yet.

    :raises ValueError: a negative count or amount

    >>> rate(Facts(settled=1)).letter, rate(Facts(insolvent=True)).letter
    ('C', 'E')
    """
    values = {
        "delay": facts.late_days,
        "oldest": facts.oldest_days,
        "promises": facts.broken_promises,
        "debits": facts.unpaid_debits,
        "limit": used_percent(facts.used, facts.limit),
    }
    if facts.settled < 0 or min(values.values()) < 0:
        raise ValueError("facts are not negative")
    reasons = [
        Reason(key, value, points)
        for key, value in values.items()
        if (points := _points(key, value))
    ]
    total = sum(reason.points for reason in reasons)
    letter = next(letter for least, letter in CLASSES if total >= least)
    if facts.settled < SHORT_HISTORY:
        reasons.append(Reason("history", facts.settled, 0))
        letter = max(letter, "C")
    if facts.insolvent:
        reasons.insert(0, Reason("insolvency", 1, 0))
        letter = "E"
    return Rating(letter, total, tuple(reasons))


def _points(key: str, value: int) -> int:
    return max((points for least, points in STEPS[key] if value >= least), default=0)


def used_percent(used: Decimal, limit: Decimal | None) -> int:
    """Return how much of a limit is used, in percent rounded up; zero if none was granted.

    A limit of zero is exceeded by the first cent.

    >>> used_percent(Decimal("8000.01"), Decimal(10000)), used_percent(Decimal(1), Decimal(0))
    (81, 999)
    """
    if limit is None or used <= 0:
        return 0
    if limit <= 0:
        return 999
    return min(int((used * PERCENT / limit).to_integral_value(ROUND_CEILING)), 999)


def is_worse(before: str, now: str) -> bool:
    """Whether a class is worse than the one before; an empty one before does not count.

    >>> is_worse("B", "D"), is_worse("", "E"), is_worse("C", "A")
    (True, False, False)
    """
    return bool(before) and LETTERS.index(now) > LETTERS.index(before)

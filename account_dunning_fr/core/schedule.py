"""The level rule: which level a due item reaches on a day.

House rule, no article: a backlog climbs one step at a time, and nobody's first contact is a formal
notice unless the policy starts there. `core.spec.composition` decides what then goes into the
message.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import total_ordering

from .checks import check_choice

KINDS = ("courtesy", "reminder", "registered", "formal_notice")


@total_ordering
@dataclass(frozen=True, slots=True)
class Level:
    """One step of a policy; levels compare by kind, then by days, also across policies.

    A courtesy message is for items not late yet, so up to the due date (days of zero or less);
    every other kind claims a late payment, and a payment on the due date is in time (days of one or
    more).

    :param days: days from the due date, negative before it
    :param key: free, for the caller; does not count in comparisons
    :raises ValueError: unknown kind, or days on the wrong side of the due date

    >>> Level("reminder", 15) < Level("registered", 10)
    True
    """

    kind: str
    days: int
    key: Hashable = field(default=None, compare=False)

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, KINDS)
        if self.is_courtesy != (self.days <= 0):
            raise ValueError(f"a level {self.kind} cannot stand {self.days} days from the due date")

    def __lt__(self, other: Level) -> bool:
        return self.rank < other.rank

    @property
    def rank(self) -> tuple[int, int]:
        """Place of the level among all levels."""
        return KINDS.index(self.kind), self.days

    @property
    def is_courtesy(self) -> bool:
        """Whether it is about items not late yet."""
        return self.kind == "courtesy"


def next_level(
    levels: Iterable[Level], current: Level | None, due: date, today: date
) -> Level | None:
    """Return the first level of a policy above the present level of an item, or None.

    Courtesies are skipped once the item is past due. `levels` may be in any order, and `current`
    may come from another policy.

    >>> levels = [Level("courtesy", -5), Level("reminder", 5), Level("reminder", 15)]
    >>> next_level(levels, None, date(2026, 3, 31), today=date(2026, 5, 31)).days
    5
    """
    past_due = today > due
    above = [
        level
        for level in levels
        if (current is None or level > current) and not (level.is_courtesy and past_due)
    ]
    return min(above, default=None)


def is_reached(
    level: Level,
    due: date,
    today: date,
    last_notice_on: date | None,
    min_interval: int,
    deadline: date | None,
) -> bool:
    """Return whether an item reaches a level today; the three conditions apply to every kind.

    * `today` is `level.days` from the due date, or later; for a courtesy, the due date at the
      latest;
    * `min_interval` days have passed since the last notice sent to the customer: sent on the 1st
      with an interval of 7, the next may leave on the 8th;
    * the deadline has passed: a deadline on the 10th still covers the 10th.

    :param last_notice_on: last notice sent, all currencies, courtesies apart; None if none
    :param min_interval: days, zero or more
    :param deadline: the one printed in the notice in which the item took its present level (later
        notices that merely claim it again do not push it back); None if none
    :raises ValueError: negative interval
    """
    if min_interval < 0:
        raise ValueError(f"min_interval must not be negative: {min_interval}")
    if today < due + timedelta(days=level.days) or (level.is_courtesy and today > due):
        return False
    if last_notice_on is not None and today < last_notice_on + timedelta(days=min_interval):
        return False
    return deadline is None or today > deadline


def reached_level(
    levels: Iterable[Level],
    current: Level | None,
    due: date,
    today: date,
    last_notice_on: date | None,
    min_interval: int,
    deadline: date | None,
) -> Level | None:
    """Return the next level of an item if it is reached today, else None (see `is_reached`)."""
    level = next_level(levels, current, due, today)
    if level and is_reached(level, due, today, last_notice_on, min_interval, deadline):
        return level
    return None

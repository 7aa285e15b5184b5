"""What goes into a notice: which items one message claims, and which level each takes.

House rule, no article. The message takes the tone of the highest level reached today; what is not
late is never claimed, and a registered letter or a formal notice claims nothing the customer was
not reminded of, unless the customer's policy starts there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from typing import NamedTuple

from ..schedule import Level


class Item(NamedTuple):
    """One due item of a customer, on the day of the plan.

    :param level: its present level, None if never written about
    :param reached: the level it reaches today (`core.schedule.reached_level`), None if none
    :param open: whether something is left to pay once credits are set against it
    :param held: on hold, so not chased
    """

    key: Hashable
    due: date
    level: Level | None = None
    reached: Level | None = None
    open: bool = True
    held: bool = False


class Line(NamedTuple):
    """One item in a notice: `claimed` (in the total) or listed for information (outside it).

    `level` is the level it takes; None: it keeps its own.
    """

    key: Hashable
    claimed: bool
    level: Level | None


class Notice(NamedTuple):
    """One message: `level`, the highest reached, gives its tone; lines by due date, then key."""

    level: Level
    lines: tuple[Line, ...]

    @property
    def tone(self) -> str:
        """Kind of the highest level reached."""
        return self.level.kind


def compose(
    items: Iterable[Item], today: date, *, overdue_notice_today: bool = False
) -> Notice | None:
    """Return the notice of one customer, or None if there is nothing to send today.

    * reminder: claims every overdue item; each that reached a level takes it.
    * registered, formal_notice: claims the items that reach that kind and the overdue items at
      reminder or above; those below the notice's level take it. Items never reminded are listed
      apart. An item at the notice's level or above is claimed and keeps its own.
    * courtesy: the items that reach it, none of them overdue; never on the day of a notice about
      overdue items, nor while a formal notice is unpaid, its item being on hold or not.

    A level that does not suit its item (a courtesy once overdue, a claim before that, a level not
    above its own) counts as not reached.

    :param overdue_notice_today: a notice about overdue items left today, or is about to
    """
    items = sorted(items, key=lambda item: (item.due, item.key))
    chased = [_sound(item, today) for item in items if item.open and not item.held]
    overdue = [item for item in chased if item.due < today]
    reached = [item.reached for item in overdue if item.reached]
    if reached:
        return _claim(max(reached), overdue)
    if overdue_notice_today or any(_under_formal_notice(item) for item in items):
        return None
    courtesies = [item for item in chased if item.reached]
    if not courtesies:
        return None
    level = max(item.reached for item in courtesies)
    return Notice(level, tuple(Line(item.key, True, item.reached) for item in courtesies))


def _sound(item: Item, today: date) -> Item:
    """Drop a reached level that does not suit the item."""
    reached = item.reached
    if reached is None:
        return item
    suits = reached.is_courtesy == (item.due >= today)
    above = item.level is None or reached > item.level
    return item if suits and above else item._replace(reached=None)


def _under_formal_notice(item: Item) -> bool:
    return item.open and item.level is not None and item.level.kind == "formal_notice"


def _claim(level: Level, overdue: list[Item]) -> Notice:
    """Compose a notice about overdue items."""
    if level.kind == "reminder":
        return Notice(level, tuple(Line(item.key, True, item.reached) for item in overdue))
    return Notice(level, tuple(_letter_line(item, level) for item in overdue))


def _letter_line(item: Item, level: Level) -> Line:
    """Place one overdue item in a registered letter or a formal notice."""
    reminded = item.level is not None and not item.level.is_courtesy
    reaches = item.reached is not None and item.reached.kind == level.kind
    if not (reminded or reaches):
        return Line(item.key, False, None)
    takes = item.level is None or item.level < level
    return Line(item.key, True, level if takes else None)

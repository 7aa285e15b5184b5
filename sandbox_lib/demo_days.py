"""The days of the demo's past: on which of them the office works, and what it does then.

Nobody posts, deposits, delivers or signs on a Sunday or a holiday, whatever the day on which the
demonstration is made: what falls on one is done on the next working day.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple


class Day(NamedTuple):
    """A day of the past.

    :param works: whether the office, and the post, work on it
    :param acts: what is done on it, as the numbers of days before today for which it was meant
    """

    on: date
    works: bool
    acts: tuple[int, ...]


def past_days(
    today: date, count: int, acts: list[int], is_working_day: Callable[[date], bool]
) -> Iterator[Day]:
    """Yield the days before today, the earliest first.

    :param acts: numbers of days before today, each of which must leave a working day after it

    >>> weekdays = lambda day: day.weekday() < 5
    >>> [day.acts for day in past_days(date(2026, 6, 2), 4, [4, 3], weekdays)]
    [(4,), (), (), (3,)]
    """
    waiting: list[int] = []
    for number in range(count, 0, -1):
        day = today - timedelta(days=number)
        waiting += [number] * (number in acts)
        works = is_working_day(day)
        yield Day(day, works, tuple(waiting) if works else ())
        if works:
            waiting.clear()


def working_day_before(day: date, count: int, is_working_day: Callable[[date], bool]) -> date:
    """Return the day so many days before another, or the last working day before that one.

    >>> working_day_before(date(2026, 6, 1), 1, lambda day: day.weekday() < 5)
    datetime.date(2026, 5, 29)
    """
    found = day - timedelta(days=count)
    while not is_working_day(found):
        found -= timedelta(days=1)
    return found

"""Nobody posts, deposits, delivers or signs on a Sunday or a holiday, whatever the day on which the
demonstration is made."""

from collections.abc import Callable
from datetime import date, timedelta


def working_day(day: date, is_working_day: Callable[[date], bool], step: int = 1) -> date:
    """Return a day, or the next working day (``step`` -1: the last one before it).

    >>> working_day(date(2026, 5, 30), lambda day: day.weekday() < 5)
    datetime.date(2026, 6, 1)
    >>> working_day(date(2026, 5, 30), lambda day: day.weekday() < 5, -1)
    datetime.date(2026, 5, 29)
    """
    while not is_working_day(day):
        day += timedelta(days=step)
    return day

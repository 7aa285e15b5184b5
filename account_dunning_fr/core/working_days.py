"""French public holidays and working days, Monday to Friday.

National holidays: C. trav. L3133-1; what a territory adds is in `territories`. Alsace-Moselle: Good
Friday is a holiday only in some communes, counted everywhere here. Saturdays are not working days,
as for the time limits of CPC 642.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

from .checks import check_date
from .territories import CALENDARS, MAINLAND

ONE_DAY = timedelta(days=1)
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
FRIDAY = 4


@lru_cache(maxsize=128)
def public_holidays(year: int, place: str = MAINLAND) -> frozenset[date]:
    """Return the public holidays of a year in a territory.

    :raises KeyError: a place that is not in `territories.CALENDARS`

    >>> date(2026, 4, 6) in public_holidays(2026), date(2026, 4, 3) in public_holidays(2026)
    (True, False)
    >>> date(2026, 4, 3) in public_holidays(2026, "alsace_moselle")
    True
    >>> date(2026, 5, 22) in public_holidays(2026, "martinique")
    True
    """
    sunday = easter(year)
    days = {date(year, month, day) for month, day in FIXED_HOLIDAYS}
    local = CALENDARS[place]
    days.update(date(year, month, day) for month, day in local.days)
    offsets = AFTER_EASTER + local.after_easter
    days.update(sunday + timedelta(days=offset) for offset in offsets)
    return frozenset(days)


def is_working_day(day: date, place: str = MAINLAND) -> bool:
    """Whether a day is neither a Saturday, a Sunday nor a public holiday."""
    holidays = public_holidays(day.year, place)
    return day.weekday() <= FRIDAY and day not in holidays


def next_working_day(day: date, place: str = MAINLAND) -> date:
    """Return the day itself if it is a working day, else the first one after it.

    :raises ValueError: an implausible year

    >>> next_working_day(date(2026, 11, 21))
    datetime.date(2026, 11, 23)
    """
    check_date("day", day)
    while not is_working_day(day, place):
        day += ONE_DAY
    return day


def previous_working_day(day: date, place: str = MAINLAND) -> date:
    """Return the last working day before a day.

    >>> previous_working_day(date(2026, 6, 1))  # a Monday
    datetime.date(2026, 5, 29)
    """
    check_date("day", day)
    day -= ONE_DAY
    while not is_working_day(day, place):
        day -= ONE_DAY
    return day


def add_working_days(day: date, count: int, place: str = MAINLAND) -> date:
    """Return the `count`-th working day after a day; zero returns the day as it is.

    :raises ValueError: negative count

    >>> add_working_days(date(2026, 12, 24), 2)
    datetime.date(2026, 12, 29)
    """
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    for _ in range(count):
        day = next_working_day(day + ONE_DAY, place)
    return day


def working_days_between(start: date, end: date, place: str = MAINLAND) -> int:
    """Count the working days after `start` up to `end` included; zero if `end` is not later.

    >>> working_days_between(date(2026, 11, 20), date(2026, 11, 23))
    1
    """
    days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    return sum(is_working_day(day, place) for day in days)

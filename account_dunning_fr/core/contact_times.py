"""When a natural person may be contacted: this addon's own rule of conduct.

No text was found that sets a number of contacts or hours for a creditor's own reminders; what the
law punishes is repeated and insistent solicitation (C. conso L. 121-6 and L. 121-7) and harassment
(C. pén. 222-33-2-2). Sundays and public holidays (C. trav. L. 3133-1) and the night are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from .territories import MAINLAND
from .working_days import ONE_DAY, public_holidays

SUNDAY = 6
WEEK = timedelta(days=7)


def is_quiet_day(day: date, place: str = MAINLAND) -> bool:
    """Whether nobody is contacted on a day: a Sunday or a public holiday.

    >>> is_quiet_day(date(2026, 11, 22)), is_quiet_day(date(2026, 11, 21))
    (True, False)
    """
    holidays = public_holidays(day.year, place)
    return day.weekday() == SUNDAY or day in holidays


def next_contact(
    moment: datetime,
    contacts: Iterable[date],
    maximum: int,
    hours: tuple[int, int],
    place: str = MAINLAND,
) -> datetime:
    """Return the moment itself if a person may be contacted then, else the first one after it.

    :param moment: local time of the person, without a time zone
    :param contacts: days of the earlier contacts; those in the seven days up to a day count
    :param maximum: contacts in seven days; zero for no limit
    :param hours: first hour, and the hour from which it is too late
    :raises ValueError: hours that leave no time in the day

    >>> next_contact(datetime(2026, 11, 21, 22), [], 3, (8, 20))
    datetime.datetime(2026, 11, 23, 8, 0)
    >>> next_contact(datetime(2026, 11, 20, 9), [date(2026, 11, 16)], 1, (8, 20))
    datetime.datetime(2026, 11, 23, 8, 0)
    """
    first, last = hours
    if not 0 <= first < last <= 24:
        raise ValueError(f"hours must leave some time in the day: {first} to {last}")
    contacts = list(contacts)
    opening = time(first)
    if moment.time() < opening:
        moment = datetime.combine(moment.date(), opening)
    elif moment.hour >= last:
        moment = datetime.combine(moment.date() + ONE_DAY, opening)
    while _is_full(moment.date(), contacts, maximum) or is_quiet_day(moment.date(), place):
        moment = datetime.combine(moment.date() + ONE_DAY, opening)
    return moment


def _is_full(day: date, contacts: list[date], maximum: int) -> bool:
    """Whether the seven days up to a day already hold the maximum of contacts."""
    return 0 < maximum <= sum(day - WEEK < contact <= day for contact in contacts)

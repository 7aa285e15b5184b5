"""The deadline that a letter or an e-mail leaves the customer, printed in it.

The creditor sets it level by level; statutory deadlines are in ``procedure_deadlines``.
"""

from __future__ import annotations

from datetime import date, timedelta

from .territories import MAINLAND
from .working_days import next_working_day


def letter_deadline(
    sent_on: date, days: int, *, transit_days: int = 0, place: str = MAINLAND
) -> date:
    """Return the last day to pay that a message prints.

    If it falls on a non-working day where the customer lives, it moves to the next working day.

    :param sent_on: day of the e-mail, or planned day of posting
    :param days: number of days that the level allows
    :param transit_days: days in the post, for letters on paper
    :param place: the customer's territory, as ``territories.territory`` names it

    >>> letter_deadline(date(2026, 7, 1), 8, transit_days=2)
    datetime.date(2026, 7, 13)
    >>> letter_deadline(date(2026, 7, 6), 8)  # 14 July
    datetime.date(2026, 7, 15)
    """
    return next_working_day(sent_on + timedelta(days=transit_days + days), place)

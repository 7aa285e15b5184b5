"""The deadline that a letter or an e-mail leaves the customer, printed in it.

A decision of the creditor, level by level; what the law sets is in ``procedure_deadlines``.
"""

from __future__ import annotations

from datetime import date, timedelta

from .territories import MAINLAND
from .working_days import next_working_day


def letter_deadline(
    sent_on: date, days: int, *, transit_days: int = 0, place: str = MAINLAND
) -> date:
    """Return the last day to pay that a message prints.

    On a day when nobody can act it moves to the next working day where the customer lives.

    :param sent_on: day of the e-mail, or planned day of posting
    :param days: that the level leaves
    :param transit_days: in the post, for what goes on paper
    :param place: of the customer, as ``territories.territory`` names it

    >>> letter_deadline(date(2026, 7, 1), 8, transit_days=2)
    datetime.date(2026, 7, 13)
    >>> letter_deadline(date(2026, 7, 6), 8)  # 14 July
    datetime.date(2026, 7, 15)
    """
    return next_working_day(sent_on + timedelta(days=transit_days + days), place)

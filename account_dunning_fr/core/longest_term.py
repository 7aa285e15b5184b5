"""The latest due date that the law allows for an invoice.

* Between professionals: 60 days from the date of the invoice; 45 days end of month if so agreed,
  which is counted in two ways; 45 days for periodic invoices (C. com. L. 441-10 I).
* Transport: 30 days; perishable food: 30 days after the ten-day period of its delivery (C. com.
  L. 441-11 II, not seen).
* Public bodies: 30, 50 or 60 days from receipt, deemed two days after the date of the invoice if
  unproven (CCP R. 2192-10, R. 2192-11, R. 2192-14).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

GENERAL, PERIODIC, TRANSPORT, PERISHABLE = "general", "periodic", "transport", "perishable"
HEALTH, PUBLIC_COMPANY = "health", "public_company"

LONGEST, PERIODIC_DAYS, MONTH_END_DAYS, SECTOR_DAYS = 60, 45, 45, 30
PUBLIC_DAYS = {HEALTH: 50, PUBLIC_COMPANY: 60}
UNPROVEN_RECEIPT = 2  # days: CCP R. 2192-14
_PUBLIC = {HEALTH: "CCP R. 2192-11 1°", PUBLIC_COMPANY: "CCP R. 2192-11 2°"}


class Term(NamedTuple):
    """The latest due date: none up to ``sure`` is contested, none after ``most`` is allowed.

    They differ where a text can be read in two ways.
    """

    sure: date
    most: date
    source: str


def month_end(day: date) -> date:
    """Return the last day of a month.

    >>> month_end(date(2028, 2, 3))
    datetime.date(2028, 2, 29)
    """
    return day + relativedelta(day=31)


def month_end_readings(issued: date, days: int = MONTH_END_DAYS) -> tuple[date, date]:
    """Return the end of an « end of month » term in its two readings, the earlier first.

    The days, then the end of the month; or the end of the month, then the days.

    >>> [str(day) for day in month_end_readings(date(2026, 1, 1))]
    ['2026-02-28', '2026-03-17']
    """
    first = month_end(issued + timedelta(days=days))
    second = month_end(issued) + timedelta(days=days)
    return min(first, second), max(first, second)


def ten_days_end(day: date) -> date:
    """Return the last day of the ten-day period (décade) to which a day belongs.

    >>> [ten_days_end(date(2026, 2, day)).day for day in (1, 10, 11, 21)]
    [10, 10, 20, 28]
    """
    if day.day > 20:
        return month_end(day)
    return day.replace(day=10 if day.day <= 10 else 20)


def longest_term(
    regime: str,
    issued: date,
    kind: str = GENERAL,
    *,
    end_of_month: bool = False,
    delivered: date | None = None,
) -> Term:
    """Return the latest due date that the law allows for an invoice.

    :param regime: ``b2b`` or ``b2g``
    :param issued: date of the invoice
    :param kind: ``general``, ``periodic``, ``transport``, ``perishable``, ``health``,
        ``public_company``
    :param end_of_month: whether an « end of month » term was agreed
    :param delivered: day of the delivery, None if it is not known
    """
    if regime == "b2g":
        days = PUBLIC_DAYS.get(kind, SECTOR_DAYS) + UNPROVEN_RECEIPT
        last = issued + timedelta(days=days)
        return Term(last, last, _PUBLIC.get(kind, "CCP R. 2192-10"))
    if kind == TRANSPORT:
        last = issued + timedelta(days=SECTOR_DAYS)
        return Term(last, last, "C. com. L. 441-11 II")
    if kind == PERISHABLE:
        last = ten_days_end(delivered or issued) + timedelta(days=SECTOR_DAYS)
        return Term(last, last, "C. com. L. 441-11 II")
    if kind == PERIODIC:
        last = issued + timedelta(days=PERIODIC_DAYS)
        return Term(last, last, "C. com. L. 441-10 I")
    last = issued + timedelta(days=LONGEST)
    if not end_of_month:
        return Term(last, last, "C. com. L. 441-10 I")
    sure, most = month_end_readings(issued)
    return Term(max(sure, last), max(most, last), "C. com. L. 441-10 I")

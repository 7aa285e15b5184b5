"""Deadlines of the proceedings and of an insolvency, each with its article.

Counting (CPC 641, 642): a period in months ends on the day with the same number, else on the last
day of the month; a period in days does not count its first day; a period that ends on a Saturday, a
Sunday or a public holiday runs to the next working day. Whether that extension covers a period set
outside the code of civil procedure is not verified, so both dates are always given.

>>> order_service(date(2026, 8, 31))[1:3]
(datetime.date(2027, 2, 28), datetime.date(2027, 3, 1))
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .territories import MAINLAND
from .working_days import next_working_day

SHORT_SERVICE_SINCE = date(2026, 9, 1)  # décret 2026-96, by the date of the order
SHORT_SERVICE_MONTHS, LONG_SERVICE_MONTHS = 3, 6  # CPC 1411 after and before that decree
OPPOSITION_MONTHS = 1  # CPC 1416
EXECUTION_MONTHS = 2  # CPC 1422 al. 2, orders from that day
FEE_DAYS = 15  # CPC 1425 al. 1
LAWYER_DAYS = 15  # CPC 1418, 1419
DECLARATION_MONTHS, ABROAD_MONTHS = 2, 2  # C. com. R. 622-24 al. 1
PUBLIC_PAYMENT_DAYS = 45  # CCP R. 2192-36


class Deadline(NamedTuple):
    """End of a period: its last day as counted, and as extended to a working day (CPC 642).

    :param ours: true if the creditor must act in time; false if the creditor waits for the end of
        somebody else's period
    """

    counted_from: date
    unextended: date
    extended: date
    ours: bool
    source: str

    @property
    def prudent(self) -> date:
        """The date to rely on: unextended to act in time, extended to wait long enough."""
        return self.unextended if self.ours else self.extended


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or else the last day of that month (CPC 641).

    >>> add_months(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    return day + relativedelta(months=months)


def order_service(order_on: date, place: str = MAINLAND) -> Deadline:
    """Last day to have an order to pay served; after it the order is "non avenue" (CPC 1411).

    3 months for an order made from 1 September 2026, 6 months before (décret 2026-96).
    """
    short = order_on >= SHORT_SERVICE_SINCE
    end = add_months(order_on, SHORT_SERVICE_MONTHS if short else LONG_SERVICE_MONTHS)
    return deadline_of(order_on, end, True, "CPC 1411, décret 2026-96", place)


def opposition(served_on: date, place: str = MAINLAND) -> Deadline:
    """Last day of the debtor's opposition: 1 month from the service of the order (CPC 1416).

    :param served_on: service on the person; otherwise the first act served on the person, or the
        first measure that made assets unavailable
    """
    end = add_months(served_on, OPPOSITION_MONTHS)
    return deadline_of(served_on, end, False, "CPC 1416", place)


def execution(served_on: date, place: str = MAINLAND, *, order_on: date | None = None) -> Deadline:
    """End of the wait to execute an order that nobody opposed (CPC 1422).

    2 months from service for an order made from 1 September 2026 (décret 2026-96); before, the
    month of the opposition, whatever the way of service.

    :param order_on: date of the order; the longer wait where it is not known

    >>> execution(date(2026, 9, 14), order_on=date(2026, 8, 31)).unextended
    datetime.date(2026, 10, 14)
    """
    if order_on and order_on < SHORT_SERVICE_SINCE:
        end = add_months(served_on, OPPOSITION_MONTHS)
        return deadline_of(
            served_on, end, False, "CPC 1422, rédaction antérieure au décret 2026-96", place
        )
    end = add_months(served_on, EXECUTION_MONTHS)
    return deadline_of(served_on, end, False, "CPC 1422, décret 2026-96", place)


def lawyer(notified_on: date, place: str = MAINLAND) -> Deadline:
    """Last day to appoint a lawyer after an opposition before the tribunal judiciaire: 15 days.

    CPC 1418 and 1419, where a lawyer is compulsory (above 10,000 euros, CPC 761); else the
    proceedings end.

    :param notified_on: notification of the opposition by the registry
    """
    end = notified_on + timedelta(days=LAWYER_DAYS)
    return deadline_of(notified_on, end, True, "CPC 1418, 1419", place)


def fee_deposit(filed_on: date, place: str = MAINLAND) -> Deadline:
    """Last day to deposit a commercial court's fees: 15 days from the demand (CPC 1425)."""
    end = filed_on + timedelta(days=FEE_DAYS)
    return deadline_of(filed_on, end, True, "CPC 1425", place)


def claim_declaration(
    published_on: date, place: str = MAINLAND, *, creditor_abroad: bool = False
) -> Deadline:
    """Last day to declare a claim to the insolvency: 2 months from publication in the BODACC.

    C. com. L. 622-24 and R. 622-24 al. 1; 2 months more for a creditor outside the territory.
    """
    months = DECLARATION_MONTHS + (ABROAD_MONTHS if creditor_abroad else 0)
    end = add_months(published_on, months)
    return deadline_of(published_on, end, True, "C. com. L. 622-24, R. 622-24", place)


def public_interest_payment(paid_on: date, place: str = MAINLAND) -> Deadline:
    """Last day for a public debtor to pay interest and the 40 euros: 45 days (CCP R. 2192-36).

    :param paid_on: payment of the principal
    """
    end = paid_on + timedelta(days=PUBLIC_PAYMENT_DAYS)
    return deadline_of(paid_on, end, False, "CCP R. 2192-36", place)


def deadline_of(start: date, end: date, ours: bool, source: str, place: str) -> Deadline:
    """Return a period ending on a day, with its extension under CPC 642.

    :param ours: the creditor must act within it; false if the creditor waits for its end
    :param place: whose public holidays count
    """
    extended = next_working_day(end, place)
    return Deadline(start, end, extended, ours, source)

"""Segments of interest, and the running account that joins them end to end.

Each segment is base x rate x days / 365, rounded half-up to the smallest amount of its currency
(the cent, the yen, the fils); their sum is never rounded again. Actual days over 365 is the usual
practice: no text fixes the basis for C. com. L. 441-10. The days of the actual year (365 or 366)
are the other basis: a segment then never crosses a year's end.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .half_years import RateSchedule
from .money import CENT, ZERO, round_to_step

DAYS_A_YEAR = 365
DAY_BASES = ("365", "actual")
ONE_DAY = timedelta(days=1)


def days_of_year(day: date, day_basis: str = "365") -> int:
    """Return what the days of a segment containing this day are divided by.

    :param day_basis: "365", or "actual": 366 in a leap year

    >>> days_of_year(date(2024, 1, 1)), days_of_year(date(2024, 1, 1), "actual")
    (365, 366)
    """
    if day_basis == "actual":
        return (date(day.year, 12, 31) - date(day.year, 1, 1)).days + 1
    return DAYS_A_YEAR


class Segment(NamedTuple):
    """Interest over a run of days with one base and one rate; first and last day included.

    :param year: what its days are divided by, 365 or 366
    """

    start: date
    end: date
    days: int
    base: Decimal
    annual_rate: Decimal
    interest: Decimal
    year: int = DAYS_A_YEAR


class Statement(NamedTuple):
    """What one item owes on a day.

    :param interest: sum of the rounded segments, settled or not
    :param interest_left: interest that payments have not settled
    :param principal_left: principal unpaid at the end of the day
    :param annual_rate: rate of the last day that bore interest; zero where none did
    :param a_day: interest of one more day on what is left, not rounded
    """

    segments: tuple[Segment, ...]
    interest: Decimal
    interest_left: Decimal
    principal_left: Decimal
    annual_rate: Decimal = ZERO
    a_day: Decimal = ZERO


class Account:
    """Running state of one debt; by construction its segments have no gaps or overlaps."""

    __slots__ = (
        "base",
        "day_basis",
        "interest",
        "next_day",
        "open_interest",
        "rates",
        "segments",
        "step",
    )

    def __init__(
        self,
        principal: Decimal,
        first_day: date,
        rates: RateSchedule,
        day_basis: str,
        step: Decimal = CENT,
    ):
        self.day_basis = day_basis
        self.step = step
        self.base = principal
        self.next_day = first_day
        self.rates = rates
        self.segments: list[Segment] = []
        self.interest = self.open_interest = ZERO

    def run_to(self, end: date) -> None:
        """Accrue up to `end` included; does nothing if it has passed already or nothing is owed."""
        while self.next_day <= end and self.base:
            start = self.next_day
            rate, last = self.rates.span(start)
            stop = min(last, end)
            if self.day_basis == "actual":
                stop = min(stop, date(start.year, 12, 31))
            days = (stop - start).days + 1
            year = days_of_year(start, self.day_basis)
            interest = round_to_step(self.base * rate * days / (100 * year), self.step)
            self.segments.append(Segment(start, stop, days, self.base, rate, interest, year))
            self.interest += interest
            self.open_interest += interest
            self.next_day = stop + ONE_DAY

    def settle(self, credited: Decimal, paid: Decimal, *, interest_first: bool) -> None:
        """Apply one day's reductions and payments, netted; what exceeds the debt is ignored."""
        if interest_first:
            settled = min(self.open_interest, paid)
            self.open_interest -= settled
            paid -= settled
        self.base = max(self.base - credited - paid, ZERO)

    def statement(self) -> Statement:
        """Return what is owed after the last day run."""
        rate = a_day = ZERO
        if self.segments:
            last = self.segments[-1]
            rate = last.annual_rate
            a_day = self.base * rate / (100 * last.year)
        return Statement(
            tuple(self.segments), self.interest, self.open_interest, self.base, rate, a_day
        )

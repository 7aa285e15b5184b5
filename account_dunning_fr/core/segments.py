"""Segments of interest and the running account that lays them end to end.

Each segment is base x rate x days / 365, rounded half-up to the cent; their sum is never rounded
again. Actual days over 365 is the usual practice: no text fixes the basis for C. com. L441-10.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .half_years import RateSchedule
from .money import ZERO, to_cents

DAYS_A_YEAR = 365
ONE_DAY = timedelta(days=1)


class Segment(NamedTuple):
    """Interest of a run of days with one base and one rate; both days included, /365."""

    start: date
    end: date
    days: int
    base: Decimal
    annual_rate: Decimal
    interest: Decimal


class Statement(NamedTuple):
    """What one item owes on a day.

    :param interest: sum of the rounded segments, settled or not
    :param interest_left: interest that payments have not settled
    :param principal_left: principal unpaid at the end of the day
    """

    segments: tuple[Segment, ...]
    interest: Decimal
    interest_left: Decimal
    principal_left: Decimal


class Account:
    """Running state of one debt; its segments have neither gap nor overlap by construction."""

    __slots__ = ("base", "interest", "next_day", "open_interest", "rates", "segments")

    def __init__(self, principal: Decimal, first_day: date, rates: RateSchedule):
        self.base = principal
        self.next_day = first_day
        self.rates = rates
        self.segments: list[Segment] = []
        self.interest = self.open_interest = ZERO

    def run_to(self, end: date) -> None:
        """Accrue up to `end` included; nothing when it is passed already or nothing is owed."""
        while self.next_day <= end and self.base:
            start = self.next_day
            rate, last = self.rates.span(start)
            stop = min(last, end)
            days = (stop - start).days + 1
            interest = to_cents(self.base * rate * days / (100 * DAYS_A_YEAR))
            self.segments.append(Segment(start, stop, days, self.base, rate, interest))
            self.interest += interest
            self.open_interest += interest
            self.next_day = stop + ONE_DAY

    def settle(self, credited: Decimal, paid: Decimal, *, interest_first: bool) -> None:
        """Apply one day's credit notes and payments, netted; what exceeds the debt is ignored."""
        if interest_first:
            settled = min(self.open_interest, paid)
            self.open_interest -= settled
            paid -= settled
        self.base = max(self.base - credited - paid, ZERO)

    def statement(self) -> Statement:
        """Return what is owed after the last day run."""
        return Statement(tuple(self.segments), self.interest, self.open_interest, self.base)

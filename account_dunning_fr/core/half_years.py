"""Half-years and the schedule of a rate over them.

"Le taux applicable pendant le premier semestre […] est le taux en vigueur au 1er janvier" (C. com.
L. 441-10 II): the half-year is the step of every variable rate in the core.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

ECB, LEGAL = "ecb", "legal"  # the two figures published for a half-year, each with its source


class Figure(NamedTuple):
    """One published figure: ``ECB`` or ``LEGAL``, and the first day of its half-year."""

    kind: str
    start: date


def half_year_start(day: date) -> date:
    """Return the 1 January or 1 July that opens the half-year of a day."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


def half_year_end(day: date) -> date:
    """Return the 30 June or 31 December that closes the half-year of a day."""
    return date(day.year, 6, 30) if day.month < 7 else date(day.year, 12, 31)


def half_years(first: date, last: date) -> Iterator[date]:
    """Return the first day of each half-year that a period touches, in order.

    :param last: last day of the period, included; not before the first

    >>> [str(start) for start in half_years(date(2025, 12, 31), date(2026, 7, 1))]
    ['2025-07-01', '2026-01-01', '2026-07-01']
    """
    start = half_year_start(first)
    while start <= last:
        yield start
        start = half_year_end(start) + timedelta(days=1)


class RateMissing(LookupError):  # noqa: N818 (the name is part of the core's contract)
    """The table has no rate for the half-year of `day`; nothing is extrapolated.

    >>> print(RateMissing(date(2027, 2, 3)))
    no rate for the half-year starting on 2027-01-01
    """

    def __init__(self, day: date):
        super().__init__(day)
        self.day = day

    def __str__(self) -> str:
        return f"no rate for the half-year starting on {half_year_start(self.day)}"


@dataclass(frozen=True, slots=True)
class RateSchedule:
    """Annual rate day by day, in percent; built by `core.rates.RateTable`.

    :param follows_half_years: whether interest starts a new segment where a half-year starts
    :param starts: first day of each run of days, in order
    :param spans: rate and last day of each run
    :param anchor: the day that fixes a frozen rate
    :param figure: the published figure that the rates follow, ``ECB`` or ``LEGAL``; None where a
        contract fixes the rate
    """

    follows_half_years: bool
    starts: tuple[date, ...]
    spans: tuple[tuple[Decimal, date], ...]
    anchor: date | None = None
    figure: str | None = None

    def span(self, day: date) -> tuple[Decimal, date]:
        """Return the rate of a day and the last day of the run it belongs to.

        :raises RateMissing: no rate for that day; its `day` is the anchor of a frozen rate
        """
        index = bisect_right(self.starts, day) - 1
        if index < 0 or day > self.spans[index][1]:
            raise RateMissing(self.anchor or day)
        return self.spans[index]

    def at(self, day: date) -> Decimal:
        """Return the annual percentage of a day.

        :raises RateMissing: no rate for that day
        """
        return self.span(day)[0]

    def figures(self, first: date, last: date) -> tuple[Figure, ...]:
        """Return the published figures on which the interest of some days rests, in order.

        :param first: first day that bears interest
        :param last: last day that does, included
        :return: none for a contractual rate; one for a frozen rate; else one per half-year

        >>> follows = RateSchedule(True, (), (), figure=ECB)
        >>> days = date(2026, 6, 30), date(2026, 7, 1)
        >>> [str(figure.start) for figure in follows.figures(*days)]
        ['2026-01-01', '2026-07-01']
        """
        if self.figure is None or last < first:
            return ()
        if not self.follows_half_years:
            return (Figure(self.figure, half_year_start(self.anchor or first)),)
        return tuple(Figure(self.figure, start) for start in half_years(first, last))

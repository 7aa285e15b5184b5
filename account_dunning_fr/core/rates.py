"""Annual rates of late payment, half-year by half-year.

* Between businesses without a contractual rate: main refinancing rate of the ECB on 1 January or
  1 July, plus 10 points; each late day takes the rate of its own half-year (C. com. L. 441-10 II).
* A contractual rate may not be under three times the legal rate (C. com. L. 441-10 II).
* Public debtors: the same ECB rate at the half-year in which the interest began, plus 8 points,
  one rate for the whole delay (CCP R. 2192-31).
* Legal rate (C. civ. 1231-6, CMF L. 313-2): the column follows the creditor, so a company claiming
  from a consumer takes "all other cases".

Nothing is extrapolated: a half-year absent from the table raises `RateMissing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .checks import check_amount, check_date, check_decimal
from .half_years import (
    ECB,
    LEGAL,
    Figure,
    RateMissing,
    RateSchedule,
    half_year_end,
    half_year_start,
)

__all__ = ["ECB", "LEGAL", "Figure", "HalfYearRate", "RateMissing", "RateSchedule", "RateTable"]

B2B_POINTS = Decimal(10)  # C. com. L. 441-10 II
B2G_POINTS = Decimal(8)  # CCP R. 2192-31
FLOOR_MULTIPLE = 3  # C. com. L. 441-10 II: times the legal rate
B2B_SINCE = date(2013, 1, 1)  # half-year anchoring: loi 2012-387, art. 121
B2G_SINCE = date(2013, 3, 16)  # earlier public contracts had other rates


@dataclass(frozen=True, slots=True)
class HalfYearRate:
    """Rates of one half-year, in percent as printed (`Decimal("12.40")`).

    :raises ValueError: a start that is neither 1 January nor 1 July, a negative legal rate
    :raises TypeError: a rate that is not a Decimal
    """

    start: date
    ecb: Decimal
    legal_individuals: Decimal
    legal_other: Decimal

    def __post_init__(self) -> None:
        check_date("start", self.start)
        if self.start != half_year_start(self.start):
            raise ValueError(f"a half-year starts on 1 January or 1 July, not on {self.start}")
        check_decimal("ecb", self.ecb)
        check_amount("legal_individuals", self.legal_individuals)
        check_amount("legal_other", self.legal_other)


class RateTable:
    """The known half-years and the rate schedules that the law derives from them.

    :param rows: `HalfYearRate`, in any order; holes are allowed, and raise when met
    :raises ValueError: two rows for one half-year

    >>> table = RateTable([HalfYearRate(date(2026, 7, 1), *map(Decimal, ("2.40", "6.84", "2.75")))])
    >>> table.default_b2b().at(date(2026, 11, 21)), table.legal_floor(date(2026, 11, 21))
    (Decimal('12.40'), Decimal('8.25'))
    """

    def __init__(self, rows: Iterable[HalfYearRate]):
        ordered = sorted(rows, key=lambda row: row.start)
        self._rows = {row.start: row for row in ordered}
        if len(self._rows) != len(ordered):
            raise ValueError("two rows for the same half-year")
        self._schedules: dict[object, RateSchedule] = {}

    def default_b2b(self) -> RateSchedule:
        """Default rate between businesses (C. com. L. 441-10 II); no rate before 2013."""
        return self._moving("b2b", ECB, lambda row: row.ecb + B2B_POINTS, since=B2B_SINCE)

    def default_b2g(self, first_late_day: date) -> RateSchedule:
        """Return the rate of a public debtor, frozen on the first late day (CCP R. 2192-31).

        A missing half-year raises only when a day is requested: an item not late yet needs no rate.
        """
        row = self._rows.get(half_year_start(first_late_day))
        if row is None or first_late_day < B2G_SINCE:
            return RateSchedule(False, (), (), anchor=first_late_day, figure=ECB)
        frozen = self.fixed(row.ecb + B2G_POINTS)
        return replace(frozen, anchor=first_late_day, figure=ECB)

    def legal(self, individual_creditor: bool = False) -> RateSchedule:
        """Legal rate; `individual_creditor`: a natural person not acting for business."""
        if individual_creditor:
            return self._moving("individuals", LEGAL, lambda row: row.legal_individuals)
        return self.legal_multiple(1)

    def legal_multiple(self, times: int) -> RateSchedule:
        """`times` the legal rate of all other cases, for a clause written that way."""
        return self._moving(times, LEGAL, lambda row: row.legal_other * times)

    def legal_floor(self, day: date) -> Decimal:
        """Return the lowest contractual rate between businesses on a day (C. com. L. 441-10 II).

        A lower clause must cause a warning; it is never replaced. The default rate is not tied to
        it.

        :raises RateMissing: no legal rate for that half-year
        """
        return self.legal_multiple(FLOOR_MULTIPLE).at(day)

    @staticmethod
    def fixed(percent: Decimal) -> RateSchedule:
        """One contractual rate, annual, in percent.

        :raises TypeError: not a Decimal
        :raises ValueError: negative rate
        """
        check_amount("percent", percent)
        return RateSchedule(False, (date.min,), ((percent, date.max),))

    def _moving(
        self,
        key: object,
        figure: str,
        rate_of: Callable[[HalfYearRate], Decimal],
        since: date = date.min,
    ) -> RateSchedule:
        if key not in self._schedules:
            rows = [row for row in self._rows.values() if row.start >= since]
            spans = tuple((rate_of(row), half_year_end(row.start)) for row in rows)
            starts = tuple(row.start for row in rows)
            self._schedules[key] = RateSchedule(True, starts, spans, figure=figure)
        return self._schedules[key]

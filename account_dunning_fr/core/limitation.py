"""Limitation of the claim: the last day to act, and how it was counted.

* between businesses, or between a business and others: 5 years (C. com. L. 110-4);
* goods and services supplied to consumers: 2 years (C. conso. L. 218-2);
* public debtors: 4 years from 1 January after the year in which the right arose (loi 68-1250);
* carriage of goods: 1 year (C. com. L. 133-6).

Interrupted, a period starts again in full. The list is closed: acknowledgement by the debtor
(C. civ. 2240), court claim (2241), conservatory measure or act of forced execution (2244). A formal
notice does not interrupt, even by registered letter (Cass. com. 18/05/2022, n° 20-23.204); filing
for an order to pay does not, its service does (Cass. 1re civ. 09/09/2020, n° 19-12.006); a part
payment does if a person enters its day as an acknowledgement.

Prudent readings: the last day is the anniversary, never extended to a working day; a court claim
starts the period again at once, not at the end of the proceedings; a period opened by a judgment
and causes proper to one regime are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .checks import check_choice


class Period(NamedTuple):
    """A length in years, from the day itself or from the next 1 January, and its source."""

    years: int
    from_january: bool
    source: str


PERIODS = {
    "b2b": Period(5, False, "C. com. L. 110-4"),
    "b2c": Period(2, False, "C. conso. L. 218-2"),
    "b2g": Period(4, True, "loi 68-1250"),
}
CARRIAGE_OF_GOODS = Period(1, False, "C. com. L. 133-6")
INTERRUPTING = {
    "acknowledgement": "C. civ. 2240",
    "court_claim": "C. civ. 2241",
    "order_served": "C. civ. 2241, Cass. 1re civ. 09/09/2020 n° 19-12.006",
    "enforcement": "C. civ. 2244",
}
WITHOUT_EFFECT = {
    "formal_notice": "Cass. com. 18/05/2022 n° 20-23.204",
    "order_filed": "Cass. 1re civ. 09/09/2020 n° 19-12.006",
}


class Interruption(NamedTuple):
    """Something that happened on a day; its kind is a key of INTERRUPTING or WITHOUT_EFFECT."""

    on: date
    kind: str


class Step(NamedTuple):
    """One line of the count.

    :param kind: "start", or the kind of the event
    :param effect: "starts", "restarts", "none" (does not interrupt), "early" (nothing was running
        yet) or "late" (the period was over)
    :param last_day: last day to act once this step is counted
    """

    on: date
    kind: str
    effect: str
    last_day: date
    source: str


class Limitation(NamedTuple):
    """Last day to act and the steps that lead to it, in order of date."""

    last_day: date
    steps: tuple[Step, ...]


def limitation(
    start: date,
    regime: str,
    events: Iterable[Interruption] = (),
    *,
    carriage_of_goods: bool = False,
) -> Limitation:
    """Count the limitation of one due item.

    :param start: its due date; an earlier date where the right arose before it (public debtors
        count by that year) or where another starting point may apply
    :param regime: "b2b", "b2c" or "b2g"
    :param events: in any order; those that do not interrupt are kept as steps without effect
    :raises ValueError: unknown regime or kind of event

    >>> limitation(date(2026, 3, 31), "b2b").last_day
    datetime.date(2031, 3, 31)
    >>> limitation(date(2026, 6, 10), "b2g").last_day
    datetime.date(2030, 12, 31)
    """
    check_choice("regime", regime, PERIODS)
    period = CARRIAGE_OF_GOODS if carriage_of_goods else PERIODS[regime]
    last_day = _last_day(start, period)
    steps = [Step(start, "start", "starts", last_day, period.source)]
    for event in sorted(events):
        check_choice("kind", event.kind, [*INTERRUPTING, *WITHOUT_EFFECT])
        effect = _effect(event, start, last_day)
        if effect == "restarts":
            last_day = _last_day(event.on, period)
        source = INTERRUPTING.get(event.kind) or WITHOUT_EFFECT[event.kind]
        steps.append(Step(event.on, event.kind, effect, last_day, source))
    return Limitation(last_day, tuple(steps))


def latest_start(last_day: date, regime: str) -> date:
    """Return the latest due date whose last day to act has come by a day, without interruption.

    >>> latest_start(date(2031, 3, 31), "b2b")
    datetime.date(2026, 3, 31)
    >>> latest_start(date(2030, 12, 30), "b2g")
    datetime.date(2025, 12, 31)
    """
    check_choice("regime", regime, PERIODS)
    period = PERIODS[regime]
    if period.from_january:
        short = (last_day.month, last_day.day) != (12, 31)
        return date(last_day.year - period.years - short, 12, 31)
    start = last_day - relativedelta(years=period.years)
    leap_day = start + timedelta(1)  # 29 February is counted to the 28th
    return leap_day if _last_day(leap_day, period) <= last_day else start


def _effect(event: Interruption, start: date, last_day: date) -> str:
    if event.kind in WITHOUT_EFFECT:
        return "none"
    if event.on < start:
        return "early"
    return "restarts" if event.on <= last_day else "late"


def _last_day(start: date, period: Period) -> date:
    if period.from_january:
        return date(start.year + period.years, 12, 31)
    return start + relativedelta(years=period.years)

"""The clocks that run for a creditor in a debtor's insolvency, from what has happened.

The result says which of them rest on a text that was read and which a person still has to check
(``to_check``): nothing here is more certain than its source.

>>> from datetime import date
>>> [(clock.kind, clock.deadline.prudent.isoformat())
...  for clock in running(ProceedingsDates(published_on=date(2026, 5, 20), goods=True))]
[('declaration', '2026-07-20'), ('retention', '2026-08-20'), ('relief', '2026-11-20')]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from .procedure_deadlines import Deadline, add_months, claim_declaration, deadline_of
from .territories import MAINLAND

RETENTION_MONTHS = 3  # C. com. L. 624-9
ANSWER_MONTHS = JUDGE_MONTHS = 1  # R. 624-13
RELIEF_MONTHS = 6  # L. 622-26
CONTEST_DAYS = 30  # L. 622-27, not verified
LATER_MONTHS = 12  # L. 622-17, not verified


@dataclass(frozen=True, slots=True)
class ProceedingsDates:
    """What happened in the proceedings of a debtor; None where it has not.

    :param published_on: publication of the opening judgment in the BODACC
    :param abroad: the creditor is outside the territory: two months more (R. 622-24)
    :param goods: goods under retention of title are unpaid
    :param asked_on: they were claimed from the administrator
    :param refused_on: the administrator refused, or a person found that there was no answer
    :param settled_on: the administrator agreed; on `judge_on` the juge-commissaire was asked
        instead
    :param contested_on: the representative's letter that contests the claim; answered on
        `answered_on`
    :param observed_until: end of the period of observation: plan or liquidation
    :param later: invoices from after the judgment are unpaid; told to the representative on
        `told_on`
    """

    published_on: date | None = None
    abroad: bool = False
    declared_on: date | None = None
    relief_on: date | None = None
    goods: bool = False
    asked_on: date | None = None
    refused_on: date | None = None
    settled_on: date | None = None
    judge_on: date | None = None
    contested_on: date | None = None
    answered_on: date | None = None
    observed_until: date | None = None
    later: bool = False
    told_on: date | None = None
    place: str = MAINLAND


class ProceedingsClock(NamedTuple):
    """One period: its kind, its end, and the day on which the required act was done.

    :param to_check: its text or its start is not verified: a person checks before relying on it
    """

    kind: str
    deadline: Deadline
    done_on: date | None
    to_check: bool = False


def clocks(dates: ProceedingsDates) -> tuple[ProceedingsClock, ...]:
    """Return every clock that was started, including stopped ones, ordered by their ends."""
    found = [*_claim(dates), *_goods(dates), *_contest(dates), *_later(dates)]
    return tuple(sorted(found, key=lambda clock: clock.deadline.prudent))


def running(dates: ProceedingsDates) -> tuple[ProceedingsClock, ...]:
    """Return the clocks that still run."""
    return tuple(clock for clock in clocks(dates) if clock.done_on is None)


def _claim(dates: ProceedingsDates):
    if not dates.published_on:
        return
    declare = claim_declaration(dates.published_on, dates.place, creditor_abroad=dates.abroad)
    yield ProceedingsClock("declaration", declare, dates.declared_on)
    in_time = dates.declared_on and dates.declared_on <= declare.unextended
    if not in_time:
        relief = _months(dates.published_on, RELIEF_MONTHS, "C. com. L. 622-26", dates.place)
        yield ProceedingsClock("relief", relief, dates.relief_on)


def _goods(dates: ProceedingsDates):
    if not dates.goods:
        return
    place = dates.place
    if dates.published_on:
        claim = _months(dates.published_on, RETENTION_MONTHS, "C. com. L. 624-9, R. 624-13", place)
        yield ProceedingsClock("retention", claim, dates.asked_on)
    if not dates.asked_on:
        return
    over = dates.settled_on or dates.judge_on
    answer = _months(dates.asked_on, ANSWER_MONTHS, "C. com. R. 624-13", place, ours=False)
    yield ProceedingsClock("retention_answer", answer, dates.refused_on or over, True)
    if not dates.settled_on:
        start = dates.refused_on or answer.unextended
        judge = _months(start, JUDGE_MONTHS, "C. com. R. 624-13", place)
        yield ProceedingsClock("retention_judge", judge, dates.judge_on, True)


def _contest(dates: ProceedingsDates):
    if dates.contested_on:
        end = dates.contested_on + timedelta(days=CONTEST_DAYS)
        deadline = deadline_of(dates.contested_on, end, True, "C. com. L. 622-27", dates.place)
        yield ProceedingsClock("contestation", deadline, dates.answered_on, True)


def _later(dates: ProceedingsDates):
    if dates.observed_until and dates.later:
        deadline = _months(dates.observed_until, LATER_MONTHS, "C. com. L. 622-17", dates.place)
        yield ProceedingsClock("later", deadline, dates.told_on, True)


def _months(start: date, months: int, source: str, place: str, *, ours: bool = True) -> Deadline:
    return deadline_of(start, add_months(start, months), ours, source, place)

"""Procedure for uncontested claims between traders (CPCE L. 126-1 s., loi 2026-307).

A commissaire de justice serves a commandement; the debtor has a month to pay or to contest, and any
contestation ends the procedure; at the earliest 8 days after that month the record of
non-contestation is drawn up, the registry makes it enforceable, and it is served within 6 months.
Only the texts of the committees were seen, the six months in a third-party reading, no decree:
nothing here is printed as certain. The two periods add up; each is counted as CPC 641 and 642 say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from .claim import Facts, Finding
from .procedure_deadlines import Deadline, add_months, deadline_of
from .territories import MAINLAND
from .working_days import next_working_day

REPLY_MONTHS = 1  # CPCE L. 126-2
RECORD_DAYS = 8  # CPCE L. 126-3, after the month
SERVICE_MONTHS = 6  # CPCE L. 126-4, a reading: to check
ROUTE = "uncontested"


class Commandement(NamedTuple):
    """What happened in this procedure; None where it has not.

    :param served_on: the commandement served
    :param contested_on: by the debtor, which ends it
    :param recorded_on: record of non-contestation
    :param record_served_on: that record, made enforceable, served
    """

    served_on: date | None = None
    contested_on: date | None = None
    recorded_on: date | None = None
    record_served_on: date | None = None


def reply(served_on: date, place: str = MAINLAND) -> Deadline:
    """End of the debtor's month to pay or to contest (CPCE L. 126-2).

    >>> reply(date(2026, 10, 15)).extended
    datetime.date(2026, 11, 16)
    """
    end = add_months(served_on, REPLY_MONTHS)
    return deadline_of(served_on, end, False, "CPCE L. 126-2", place)


def record_wait(served_on: date, place: str = MAINLAND) -> Deadline:
    """End of the wait before the record: 8 days after the debtor's month (CPCE L. 126-3).

    Extended, it is counted from the extended end of that month.

    >>> record_wait(date(2026, 10, 15))[1:3]
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 24))
    """
    month, wait = reply(served_on, place), timedelta(days=RECORD_DAYS)
    extended = next_working_day(month.extended + wait, place)
    return Deadline(served_on, month.unextended + wait, extended, False, "CPCE L. 126-3")


def record_service(recorded_on: date, place: str = MAINLAND) -> Deadline:
    """Last day to have the enforceable record served: 6 months, counted from the record itself.

    Prudent: the formula of the registry, from which they may run, comes later.

    >>> record_service(date(2026, 8, 31)).prudent
    datetime.date(2027, 2, 28)
    """
    end = add_months(recorded_on, SERVICE_MONTHS)
    return deadline_of(recorded_on, end, True, "CPCE L. 126-4", place)


def commandement_clocks(
    dates: Commandement, place: str = MAINLAND
) -> Iterator[tuple[str, Deadline, date | None]]:
    """Yield every clock that was started, as (kind, deadline, day on which it stopped)."""
    ended = dates.contested_on or dates.recorded_on
    if dates.served_on:
        yield "reply", reply(dates.served_on, place), ended
        yield "record_wait", record_wait(dates.served_on, place), ended
    if dates.recorded_on:
        done = dates.record_served_on or dates.contested_on
        yield "record_service", record_service(dates.recorded_on, place), done


def conditions(facts: Facts) -> Iterator[Finding]:
    """Report what this procedure requires beyond a claim that is certain, determined and due.

    Switched on by a person who read the decree; invoiced between traders (artisans and liberal
    professions are not assumed to be covered); contested by nobody.
    """
    law = "CPCE L. 126-1, loi 2026-307"
    yield Finding("decree" if facts.uncontested else "no_decree", _ok(facts.uncontested), (), law)
    if facts.regime not in ("b2b", None) or facts.merchant is False:
        yield Finding("not_traders", "forbidden", (), law)
    else:
        yield Finding("traders" if facts.merchant else "traders_unknown", "warning", (), law)
    bare = tuple(item.key for item in facts.items if not item.invoiced)
    yield Finding("not_invoiced" if bare else "invoiced", _ok(not bare), bare, law)
    if disputed := tuple(item.key for item in facts.items if item.disputed):
        yield Finding("contested", "forbidden", disputed, "CPCE L. 126-2")


def _ok(met: bool) -> str:
    return "ok" if met else "forbidden"

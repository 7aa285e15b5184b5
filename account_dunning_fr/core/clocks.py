"""The clocks that run in a court file, from its dates.

>>> dates = CaseDates(order_on=date(2026, 9, 1))
>>> [(clock.kind, clock.deadline.prudent) for clock in running(dates)]
[('service', datetime.date(2026, 12, 1))]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from .procedure_deadlines import Deadline, execution, fee_deposit, lawyer, opposition, order_service
from .territories import MAINLAND
from .uncontested import Commandement, commandement_clocks

LEADS = (45, 30, 15)  # days before the last day, on which a person is reminded


@dataclass(frozen=True, slots=True)
class CaseDates:
    """What happened to a file; None where it has not.

    :param fees_on: fees of the registry deposited
    :param personal: the order was served on the person; otherwise opposition stays open until the
        first act served on the person or the first measure (`measure_on`, CPC 1416 al. 2)
    :param invited_on: invitation to deposit the fees of an opposition (CPC 1425 al. 2)
    :param told_on: notification of the opposition by the registry
    :param lawyer: a lawyer is compulsory before the tribunal judiciaire; appointed on `lawyer_on`
    :param place: territory of the debtor and of his court (`territories`)
    :param hearing_on: day of the hearing after an opposition
    :param act_given_on: act of service communicated for that hearing
    :param commandement: what happened in the procedure of CPCE L. 126-1, where it is the route
        taken
    :param limit: last day to act (limitation), counted from `limit_from`
    """

    filed_on: date | None = None
    fees_on: date | None = None
    order_on: date | None = None
    served_on: date | None = None
    personal: bool = True
    measure_on: date | None = None
    opposed_on: date | None = None
    invited_on: date | None = None
    invited_fees_on: date | None = None
    enforceable_on: date | None = None
    refused: bool = False
    commercial: bool = True
    told_on: date | None = None
    lawyer_on: date | None = None
    lawyer: bool = False
    hearing_on: date | None = None
    act_given_on: date | None = None
    commandement: Commandement | None = None
    place: str = MAINLAND
    limit: date | None = None
    limit_from: date | None = None


class Clock(NamedTuple):
    """One period: its kind, its end, and the day on which the required act was done."""

    kind: str
    deadline: Deadline
    done_on: date | None


def clocks(dates: CaseDates) -> tuple[Clock, ...]:
    """Return every clock that was started, including stopped ones, ordered by their ends."""
    found = []
    if dates.filed_on and dates.commercial:
        found.append(Clock("fees", fee_deposit(dates.filed_on, dates.place), dates.fees_on))
    if dates.order_on and not dates.refused:
        found.append(Clock("service", order_service(dates.order_on, dates.place), dates.served_on))
    if dates.served_on:
        found += _after_service(dates)
    found += _after_opposition(dates)
    if dates.commandement:
        found += [Clock(*each) for each in commandement_clocks(dates.commandement, dates.place)]
    if dates.limit:
        start = dates.limit_from or dates.limit
        deadline = Deadline(start, dates.limit, dates.limit, True, "C. civ. 2240-2244")
        found.append(Clock("limitation", deadline, dates.enforceable_on))
    return tuple(sorted(found, key=lambda clock: clock.deadline.prudent))


def _after_service(dates: CaseDates) -> list[Clock]:
    started = dates.served_on if dates.personal else dates.measure_on
    ended = dates.opposed_on or dates.enforceable_on
    found = [
        Clock("execution", execution(dates.served_on, dates.place, order_on=dates.order_on), ended)
    ]
    if started:
        found.append(Clock("opposition", opposition(started, dates.place), ended))
    return found


def _after_opposition(dates: CaseDates) -> list[Clock]:
    found = []
    if dates.told_on and dates.lawyer and not dates.commercial:
        found.append(Clock("lawyer", lawyer(dates.told_on, dates.place), dates.lawyer_on))
    if dates.invited_on:
        end = fee_deposit(dates.invited_on, dates.place)._replace(source="CPC 1425 al. 2")
        found.append(Clock("opposition_fees", end, dates.invited_fees_on))
    if dates.hearing_on:
        start = dates.opposed_on or dates.hearing_on
        hearing = Deadline(start, dates.hearing_on, dates.hearing_on, True, "CPC 1418")
        found.append(Clock("hearing", hearing, dates.enforceable_on))
        if dates.served_on:
            given = dates.act_given_on or dates.enforceable_on
            found.append(Clock("act_of_service", hearing, given))
    return found


def running(dates: CaseDates) -> tuple[Clock, ...]:
    """Return the clocks that still run."""
    return tuple(clock for clock in clocks(dates) if clock.done_on is None)


def lead_reached(clock: Clock, today: date) -> int | None:
    """Return the shortest lead already reached, in days, or None while it is too early.

    A period shorter than the longest lead is announced from its first day. A period that the
    creditor only waits out is announced at its end, with lead zero.

    >>> (clock,) = running(CaseDates(order_on=date(2026, 9, 1)))
    >>> [lead_reached(clock, day) for day in (date(2026, 10, 16), date(2026, 11, 16))]
    [None, 15]
    """
    end = clock.deadline.prudent
    if not clock.deadline.ours:
        return 0 if today > end else None
    reached = [lead for lead in LEADS if today >= end - timedelta(days=lead)]
    if not reached and (end - clock.deadline.counted_from).days <= LEADS[-1]:
        return LEADS[-1]
    return min(reached, default=None)

"""Late-payment interest on one due item, segment by segment.

* Due from the day after the due date, without a reminder (C. com. L441-10 II; CCP R2192-32), up to
  the day of payment included; on the unpaid amount, VAT included (CJEU C-585/20).
* Days over 365, leap years too: usual practice, no text fixes the basis; over the real days of the
  year on demand. No compounding (C. civ. 1343-2 asks for a clause or a judgment, and a full year).
* A partial payment reduces the principal (as the books do), or settles open interest first
  (C. civ. 1343-1) on demand. A credit note is no payment: it always reduces the principal, as do
  the early-payment discount that was taken, and what is disputed while it is not claimed.

>>> from .rates import RateTable
>>> payment = Event(date(2025, 3, 2), Decimal("15000.00"), "payment")
>>> contract = RateTable.fixed(Decimal(15))
>>> accrue(Decimal("15000.00"), date(2025, 1, 31), [payment], date(2025, 4, 30), contract).interest
Decimal('184.93')
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .checks import check_amount, check_choice, check_date
from .half_years import RateSchedule
from .money import CENT, ZERO
from .segments import DAY_BASES, ONE_DAY, Account, Segment, Statement

__all__ = ["Event", "Segment", "Statement", "accrue"]

KINDS = ("payment", "credit_note", "discount", "dispute")
IMPUTATIONS = ("principal", "interest")


@dataclass(frozen=True, slots=True)
class Event:
    """What reduces a debt on a day: its kind (`KINDS`), an amount of zero or more.

    The date of a payment is the day the money reached the creditor; that of a dispute the day from
    which that part is not claimed.

    :raises TypeError: the amount is not a Decimal, the date not a date
    :raises ValueError: negative amount, unknown kind
    """

    on: date
    amount: Decimal
    kind: str

    def __post_init__(self) -> None:
        check_date("on", self.on)
        check_amount("amount", self.amount)
        check_choice("kind", self.kind, KINDS)


def accrue(
    principal: Decimal,
    due: date,
    events: Iterable[Event],
    until: date,
    rates: RateSchedule,
    *,
    imputation: str = "principal",
    first_day: date | None = None,
    day_basis: str = "365",
    step: Decimal = CENT,
) -> Statement:
    """Compute the interest of the late days, those after `due` and up to `until` included.

    A segment ends at each event, and at each half-year where the rate follows them. Events up to
    the first late day reduce its base only; events after `until` are ignored, as are amounts above
    what is owed. The order of the events does not matter: those of one day are netted.

    :param principal: amount due on `due`, VAT included
    :param imputation: "principal", or "interest" to settle open interest first (C. civ. 1343-1)
    :param first_day: first day of interest where it comes later than the day after `due`, such as
        the formal notice to a consumer (C. civ. 1231-6); an earlier one changes nothing
    :param day_basis: "365", or "actual" for the days of the real year, 366 in a leap year
    :param step: smallest amount of the currency, to which each segment is rounded
    :raises RateMissing: no rate for a late day
    :raises TypeError: the principal is not a Decimal, a date not a date
    :raises ValueError: negative principal, unknown imputation or day basis
    """
    check_amount("principal", principal)
    for name, day in (("due", due), ("until", until), ("first_day", first_day or due)):
        check_date(name, day)
    check_choice("imputation", imputation, IMPUTATIONS)
    check_choice("day_basis", day_basis, DAY_BASES)
    start = due + ONE_DAY
    account = Account(principal, max(start, first_day or start), rates, day_basis, step)
    for on, credited, paid in _by_day(events, until):
        account.run_to(on)
        account.settle(credited, paid, interest_first=imputation == "interest")
    account.run_to(until)
    return account.statement()


def _by_day(events: Iterable[Event], until: date) -> list[tuple[date, Decimal, Decimal]]:
    """Net the events of each day, in order: (day, reductions, payments)."""
    days: dict[date, list[Decimal]] = {}
    for event in events:
        if event.on <= until and event.amount:
            totals = days.setdefault(event.on, [ZERO, ZERO])
            totals[event.kind == "payment"] += event.amount
    return [(on, *days[on]) for on in sorted(days)]

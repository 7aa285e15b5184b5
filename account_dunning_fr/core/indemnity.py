"""Flat indemnity for recovery costs of 40 euros.

Owed by right by a professional who pays late: C. com. L441-10 II and D441-5; by a public debtor:
CCP L2192-13 and D2192-35. Never by a consumer. Once per unpaid invoice (CJEU C-585/20), whatever
the length of the delay and the number of reminders; once per late instalment is an option, which
rests on a reading of CJEU C-370/21 and C-78/22. Not for what fell due on or after the day an
insolvency judgment forbade its payment (L441-10 II, last sentence); for earlier due dates it stays
claimable in the proceedings (reading).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .checks import check_choice
from .claims_allowed import allowed
from .interest import Event
from .money import CENT

FLAT_INDEMNITY = Decimal("40.00")  # euros: C. com. D. 441-5, CCP D. 2192-35
REGIMES = ("b2b", "b2g", "b2c")
ONE_PER = ("invoice", "instalment")


class Instalment(NamedTuple):
    """One due item of an invoice; a plain invoice has one.

    :param settled_on: day its principal was fully settled, credit notes at the date the books give
        them; None while it is open. A fully credited invoice owes nothing: leave it out, or settle
        it on its due date.
    """

    key: Hashable
    invoice: Hashable
    due: date
    settled_on: date | None = None

    def is_late(self, on: date) -> bool:
        """Whether it was still open the day after its due date, if that day has come."""
        return self.due < on and (self.settled_on is None or self.settled_on > self.due)


def settled_on(principal: Decimal, events: Iterable[Event], step: Decimal = CENT) -> date | None:
    """Return the day on which a principal was settled, up to a rounding; None while it is open.

    An amount is owed to the smallest amount of its currency, the nearest one (regulation (EC)
    1103/97, art. 5): each sum paid or credited may differ from it by one such amount, and no more.
    That is a rounding, not a small debt, which owes the indemnity too (CJEU C-279/23).

    :param step: smallest amount of the currency

    >>> paid = Event(date(2026, 3, 31), Decimal("999.99"), "payment")
    >>> settled_on(Decimal("1000.00"), [paid])
    datetime.date(2026, 3, 31)
    >>> settled_on(Decimal("1000.01"), [paid])
    """
    left, tolerated = principal, Decimal(0)
    for event in sorted(events, key=lambda event: event.on):
        if event.amount:
            left -= event.amount
            tolerated += step
            if left <= tolerated:
                return event.on
    return None


def flat_indemnities(
    instalments: Iterable[Instalment],
    on: date,
    regime: str,
    *,
    one_per: str = "invoice",
    opening_judgment: date | None = None,
) -> dict[Hashable, Decimal]:
    """Return the indemnity of each item on a day, in euros; items without one are left out.

    With `one_per="invoice"` the earliest late item of the invoice bears it. An item paid late keeps
    its indemnity. The order of the items does not matter.

    :param regime: "b2b", "b2g" or "b2c"
    :param opening_judgment: day of the judgment opening the insolvency, if any
    :raises ValueError: unknown regime or `one_per`

    >>> first = Instalment("A1", "A", date(2026, 3, 31))
    >>> second = Instalment("A2", "A", date(2026, 8, 31))
    >>> flat_indemnities([first, second], date(2026, 9, 14), "b2b")
    {'A1': Decimal('40.00')}
    """
    check_choice("regime", regime, REGIMES)
    check_choice("one_per", one_per, ONE_PER)
    if not allowed(regime).indemnity.possible:
        return {}
    late = [
        item
        for item in instalments
        if item.is_late(on) and (opening_judgment is None or item.due < opening_judgment)
    ]
    late.sort(key=lambda item: (item.due, item.key))
    bearers: dict[Hashable, Hashable] = {}
    for item in late:
        bearers.setdefault(item.invoice if one_per == "invoice" else item.key, item.key)
    return dict.fromkeys(bearers.values(), FLAT_INDEMNITY)

"""What an item owes beyond its principal, as ``account.dunning.accrual`` computes it."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ...core.half_years import Figure
from ...core.interest import Statement
from ...core.money import ZERO
from ...core.rates import RateSchedule, RateTable


class Grounds(NamedTuple):
    """What the computation of some items rests on, beside the facts and events of each.

    :param bases: days of the year that interest is divided by, by company id
    :param abroad: why French law is not for the creditor, for the user, by company id
    :param judgments: day of the judgment that opened insolvency, by item id
    :param first_days: day from which a consumer owes interest, by item id
    :param indemnities: flat indemnity in euros, by item id
    :param schedules: rates of professionals by their terms, completed as the items are computed
    """

    table: RateTable
    bases: dict[int, str]
    abroad: dict[int, str | bool]
    judgments: dict[int, date]
    first_days: dict[int, date]
    indemnities: dict[int, Decimal]
    schedules: dict[tuple | int, RateSchedule]


class Accrued(NamedTuple):
    """What one due item owes on a day, beyond its principal.

    :param statement: interest segment by segment (``core.interest.Statement``), in the item's
        currency; None when there is a problem
    :param indemnity: flat indemnity in euros
    :param problem: why nothing can be computed, for the user; False otherwise
    :param events: what reduced the base up to that day (``core.interest.Event``), in their order
    :param figures: the published figures on which the interest rests (``core.rates.Figure``)
    """

    statement: Statement | None
    indemnity: Decimal
    problem: str | bool
    events: tuple = ()
    figures: tuple[Figure, ...] = ()

    @property
    def interest(self):
        """Total interest, in the item's currency."""
        return self.statement.interest if self.statement else ZERO

    @property
    def annual_rate(self):
        """Rate of the last day that bore interest, in percent."""
        return self.statement.annual_rate if self.statement else ZERO

    @property
    def a_day(self):
        """Interest of one more day, by the creditor's day basis.

        Not rounded: its currency rounds it where it is shown.
        """
        return self.statement.a_day if self.statement else ZERO

"""What the books say on a day, and the figures that follow from it: plain values, no queries.

The queries (``query/``) sum up, the core computes, and the dashboard formats what is read here.
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from ...core import days_sales, delays, efforts, forecast, ratios
from ...core.money import ZERO
from ..common.account_dunning_balance import AGED_COLUMNS
from .scope import SALES_MONTHS

AT_RISK_DAYS = 90
# Outcomes of a call in which nobody on the customer's side was reached.
NOT_REACHED = ("message", "unreachable")
WORK = ("letter", "registered", "call")  # kinds of costs: our own work


def to_decimal(value):
    """Return the result of a query or a rate as a ``Decimal``; 0 for no value."""
    return Decimal(str(value or 0))


class Sum(NamedTuple):
    """An amount in the dashboard's currency, or days if the section says so; and a count."""

    amount: Decimal = ZERO
    count: int = 0


# ruff: noqa: RUF009 -- a section is declared by a function that returns ``field(…)``


class DaysOfSales(NamedTuple):
    """The receivables in days of sales; ``complete``: the known months are sufficient.

    :ivar date since: first day of the sales that make up the receivables
    :ivar Decimal sales: from that day on
    """

    count_back: Decimal
    best: Decimal
    delinquent: Decimal
    accounting: Decimal | None
    complete: bool
    sold: bool
    since: date
    sales: Decimal


def _by(key):
    """Return a section of sums by key; ``key`` converts it from the text of the query."""
    return field(default_factory=dict, metadata={"key": key})


def _one():
    """Return a section with a single sum."""
    return field(default=Sum())


def _flag(text):
    """Return a boolean of PostgreSQL; None if it is unknown."""
    return {"true": True, "false": False}.get(text)


def _day_and_certainty(text):
    day, certainty = text.split(" ")
    return date.fromisoformat(day), certainty


@dataclass(frozen=True)
class Situation:
    """The sums of the dashboard, each section named as in its query.

    Amounts are in the currency of the page, including taxes, as ``Decimal``; rates in percent; ages
    and delays in days, early payments negative. A figure is None if there is nothing to measure.

    Example::

        situation = Situation.from_rows([("kept", "12", 100.0, 3), ("kept", "-5", 50.0, 1)])
        situation.owed, situation.overdue  # 150, 100
    """

    # Open on the day, by days late (0 and less: not due); what the filters exclude.
    kept: dict[int, Sum] = _by(int)
    left_out: dict[int, Sum] = _by(int)
    orphans: Sum = _one()  # items without a customer
    credits: Sum = _one()  # not allocated, less refunds; negative
    debits: dict[int, Sum] = _by(int)  # kept, without the credits
    expected: dict[tuple[date, str], Sum] = _by(_day_and_certainty)
    # By customer: counts are of customers, except in ``top``: days late of his oldest item.
    held: dict[str, Sum] = _by(str)  # by reason; counts are of items
    formal: dict[bool, Sum] = _by(_flag)  # under formal notice; key: its deadline has expired
    debtors: dict[bool, Sum] = _by(_flag)  # late; key: written to, called or paid in the period
    time_barred: Sum = _one()  # soon, or already
    credit_limit: dict[str, Sum] = _by(str)  # ``limit`` granted, ``owed``, ``over``: what is beyond
    top: dict[int, Sum] = _by(int)  # by customer, the most overdue first
    # Received: by days late, by agreed term, by days since the invoice; and on the opening.
    paid: dict[int, Sum] = _by(int)
    term: dict[int, Sum] = _by(int)
    waited: dict[int, Sum] = _by(int)
    opening: dict[bool, Sum] = _by(_flag)  # open at the opening; key: overdue then
    collected: Sum = _one()  # since, on what was overdue then
    received: dict[bool, Sum] = _by(_flag)  # in the last days; key: in the later of two periods
    # Sold and lost.
    sales: dict[date, Sum] = _by(date.fromisoformat)
    turnover: Sum = _one()  # of a year, without taxes
    losses: Sum = _one()  # of a year, without taxes
    doubtful: Sum = _one()
    provision: Sum = _one()
    vat_back: Sum = _one()  # VAT on unpaid invoices, not recovered yet
    # Insured, if there is a contract.
    insured: dict[int, Sum] = _by(int)  # covered, by decision of the insurer
    uninsured: dict[str, Sum] = _by(str)  # ``alone``: owed by customers without any cover
    told_late: dict[int, Sum] = _by(int)  # reported too late to the insurer, by insured item
    # Done to collect.
    calls: dict[str, Sum] = _by(str)  # by outcome
    costs: dict[str, Sum] = _by(str)  # by kind; ``fees`` in euros
    agencies: dict[str, Sum] = _by(str)  # ``received`` by them, and their ``commission``
    first_reminder: Sum = _one()  # sum of days from the due date; items
    disputes: dict[str, Sum] = _by(str)  # ``opened``: their amount, ``closed``: sum of days
    cases: dict[str, Sum] = _by(str)  # open court files by stage

    @classmethod
    def from_rows(cls, rows):
        """Return the situation made of the rows of the queries, in their order.

        :param rows: iterable of ``(section, key, amount, count)``
        :raise TypeError: if a section is unknown
        """
        sections = defaultdict(dict)
        for section, key, amount, count in rows:
            sections[section][key] = Sum(to_decimal(amount), count or 0)
        readers = {each.name: each.metadata.get("key") for each in fields(cls)}
        return cls(
            **{
                name: {read(key): value for key, value in sums.items()}
                if (read := readers.get(name))
                else sums[""]
                for name, sums in sections.items()
            }
        )

    # -- What is owed ------------------------------------------------------------------------------

    @property
    def owed(self):
        return total(self.kept)

    @property
    def shown(self):
        """What is owed whatever the filters: the balance of the receivable accounts."""
        return self.owed + total(self.left_out)

    @property
    def late(self):
        """What is overdue, by days late, without credits, as in the aged balance."""
        return {days: found for days, found in self.debits.items() if days > 0}

    @property
    def aged(self):
        """What is owed by column of the aged balance, as in its report."""
        amounts = [ZERO] * (len(delays.AGES) + 1)
        for late, found in self.debits.items():
            amounts[delays.age(late)] += found.amount
        return dict(zip(AGED_COLUMNS, [self.credits.amount, *amounts], strict=True))

    @property
    def not_due(self):
        return self.aged["not_due"]

    @property
    def overdue(self):
        return total(self.late)

    def due_within(self, days):
        """Return what falls due within this number of days from the day on."""
        return total({late: found for late, found in self.debits.items() if -days <= late <= 0})

    @property
    def overdue_rate(self):
        return ratios.overdue_rate(self.overdue, total(self.debits))

    @property
    def concentration(self):
        """The share of the ten largest customers in the overdue amount."""
        return ratios.concentration([found.amount for found in self.top.values()], self.overdue)

    @property
    def at_risk(self):
        """What is more than ``AT_RISK_DAYS`` days late."""
        return total({late: found for late, found in self.debits.items() if late > AT_RISK_DAYS})

    @property
    def formal_expired(self):
        """What is under a formal notice whose deadline has expired."""
        return self.formal.get(True, Sum()).amount

    @property
    def formal_notices(self):
        """What is under a formal notice, including notices without a deadline."""
        return self.formal_expired + self.formal.get(False, Sum()).amount

    @property
    def limits_used(self):
        """What all customers with a credit limit owe, in percent of their limits."""
        granted = self.credit_limit
        return ratios.percent(granted["owed"].amount, granted["limit"].amount)

    @property
    def covered(self):
        """The depreciations in percent of the doubtful debts."""
        return ratios.percent(self.provision.amount, self.doubtful.amount)

    @property
    def insured_amount(self):
        return total(self.insured)

    @property
    def insured_share(self):
        """What is covered, in percent of the total owed."""
        return self.share(self.insured_amount)

    @property
    def uninsured_amount(self):
        """The total owed less what is covered."""
        return self.owed - self.insured_amount

    @property
    def told_late_amount(self):
        return total(self.told_late)

    def share(self, amount):
        """Return an amount in percent of the total owed."""
        return ratios.percent(amount, self.owed)

    def share_of_overdue(self, amount):
        return ratios.percent(amount, self.overdue)

    def weeks(self, as_of):
        """Return the receipts expected from a day on: list of ``core.forecast.Week``."""
        rows = [
            forecast.Expected(day, found.amount, certainty)
            for (day, certainty), found in self.expected.items()
        ]
        return forecast.by_week(rows, as_of)

    # -- How fast customers pay --------------------------------------------------------------------

    def days_of_sales(self, as_of):
        """Return the days of sales by both methods, and the part due to late payment."""
        months = self._months(as_of)
        year = months[:12]
        by_count, best = (
            days_sales.count_back_dso(owed, months) for owed in (self.owed, self.not_due)
        )
        seen = days_sales.months_absorbed(self.owed, months)
        since = as_of.replace(day=1) - relativedelta(months=max(seen - 1, 0))
        return DaysOfSales(
            count_back=by_count.days,
            best=best.days,
            delinquent=days_sales.average_days_delinquent(by_count.days, best.days),
            accounting=days_sales.accounting_dso(
                self.owed, sum(month.sales for month in year), sum(month.days for month in year)
            ),
            complete=by_count.complete,
            sold=any(month.sales for month in months),
            since=since,
            sales=self._sold_after(since - timedelta(days=1)),
        )

    def _months(self, as_of):
        """Return the sales by month, newest first, without gaps, as the core expects them."""
        by_month = defaultdict(lambda: ZERO)
        for day, found in self.sales.items():
            by_month[day.replace(day=1)] += found.amount
        return months_of_sales(by_month, as_of)

    @property
    def mean_age(self):
        """Mean days late of the overdue amount."""
        return delays.mean_delay(_delays(self.late))

    @property
    def mean_delay(self):
        return delays.mean_delay(_delays(self.paid))

    @property
    def mean_delay_with_open(self):
        return delays.mean_delay_with_open(_delays(self.paid), _delays(self.late))

    @property
    def on_time_rate(self):
        return delays.on_time_rate(_delays(self.paid))

    @property
    def on_time_rate_of_due(self):
        return delays.on_time_rate_of_due(_delays(self.paid), _delays(self.late))

    @property
    def contractual_days(self):
        return delays.contractual_days(_delays(self.term))

    @property
    def payment_days(self):
        """Mean days from the invoice to the payment."""
        return delays.mean_payment_days(_delays(self.waited))

    # -- What came in, and what was lost -----------------------------------------------------------

    @property
    def overdue_at_opening(self):
        return self.opening.get(True, Sum()).amount

    @property
    def recovery_rate(self):
        return ratios.recovery_rate(self.collected.amount, self.overdue_at_opening)

    def effectiveness(self, opening):
        """Return the collection effectiveness index since the opening."""
        return ratios.collection_effectiveness(
            total(self.opening), self._sold_after(opening), self.owed, self.not_due
        )

    @property
    def loss_rate(self):
        return efforts.loss_rate(self.losses.amount, self.turnover.amount)

    def _sold_after(self, day):
        return total({each: found for each, found in self.sales.items() if each > day})

    # -- What was done to collect ------------------------------------------------------------------

    @property
    def activation(self):
        """Of the late customers: how many were active, how many there are, and the rate."""
        active = self.debtors.get(True, Sum()).count
        late = sum(found.count for found in self.debtors.values())
        return active, late, efforts.activation_rate(active, late)

    @property
    def days_to_first_reminder(self):
        return efforts.mean_days(int(self.first_reminder.amount), self.first_reminder.count)

    @property
    def contact(self):
        """Of the calls: how many reached somebody, how many were made, and the rate."""
        made = sum(found.count for found in self.calls.values())
        reached = made - sum(self.calls.get(each, Sum()).count for each in NOT_REACHED)
        return reached, made, efforts.contact_rate(reached, made)

    @property
    def disputed(self):
        """The amount of the disputes opened in a year."""
        return self.disputes.get("opened", Sum()).amount

    def dispute_rate(self, year_ago):
        """Return the amount disputed in a year, in percent of its sales."""
        return efforts.dispute_rate(self.disputed, self._sold_after(year_ago))

    @property
    def days_to_solve(self):
        """Mean days from opening to closing of the disputes closed in a year."""
        days, closed = self.disputes.get("closed", Sum())
        return efforts.mean_days(int(days), closed)

    @property
    def work_cost(self):
        """Cost of letters, registered letters and calls."""
        return sum((self.costs.get(kind, Sum()).amount for kind in WORK), ZERO)

    def fees(self, euro_rate):
        """Return the costs of court files.

        :param Decimal euro_rate: from euros to the currency of the page
        """
        return self.costs.get("fees", Sum()).amount * euro_rate

    @property
    def agency_cost_per_euro(self):
        """Cost of one euro received by agencies; None if they received nothing."""
        received, taken = (self.agencies.get(key, Sum()) for key in ("received", "commission"))
        return efforts.cost_per_euro(taken.amount or ZERO, received.amount or ZERO)

    def cost_per_euro(self, spent):
        """Return the cost of one euro paid after its due date; None if nothing was spent."""
        if not spent:
            return None
        recovered = sum((found.amount for days, found in self.paid.items() if days > 0), ZERO)
        return efforts.cost_per_euro(spent, max(recovered, ZERO))


def total(section):
    """Return the total amount of a section, over all its keys."""
    return sum((found.amount for found in section.values()), ZERO)


def months_of_sales(by_month, as_of):
    """Return the sales by month, newest first, without gaps, as the core expects them.

    :param by_month: dict of sales by the first day of their month, zero for months without any
    :param date as_of: last day of the sales
    """
    months = []
    for back in range(SALES_MONTHS + 1):
        month = as_of.replace(day=1) - relativedelta(months=back)
        days = monthrange(month.year, month.month)[1] if back else as_of.day
        months.append(days_sales.Month(days, by_month[month]))
    return months


def _delays(section):
    return [delays.Delay(days, found.amount) for days, found in section.items()]


class Step(NamedTuple):
    """What the notices of one level and its channels brought in, in the dashboard's currency."""

    level_id: int
    channels: dict
    claimed: Decimal
    collected: Decimal
    count: int

    @property
    def rate(self):
        return ratios.percent(self.collected, self.claimed)


class Penalties(NamedTuple):
    """Late-payment penalties, in the dashboard's currency."""

    owed: Decimal
    claimed: Decimal
    received: Decimal
    waived: Decimal


class Promises(NamedTuple):
    """What was promised for a period and paid of it: tuples of ``core.ratios.Promise``."""

    rows: tuple

    @classmethod
    def of(cls, pairs):
        """:param pairs: iterable of (promised, paid), ``Decimal``; negative payments count as 0"""
        return cls(tuple(ratios.Promise(promised, max(paid, ZERO)) for promised, paid in pairs))

    @property
    def rate(self):
        """The share of the promised money that was paid; None if none was promised."""
        return ratios.promise_keeping_rate(self.rows)

    @property
    def missing(self):
        return sum((max(row.promised - row.paid, ZERO) for row in self.rows), ZERO)


class Instalments(NamedTuple):
    """The instalments that fell due in a period, and how many of them were paid in time."""

    kept: int
    due: int

    @property
    def rate(self):
        return efforts.plan_keeping_rate(self.kept, self.due)

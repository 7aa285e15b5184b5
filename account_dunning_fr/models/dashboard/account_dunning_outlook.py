from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL, format_date

from ...core import forecast
from ...core.days_sales import count_back_dso
from ...core.money import ZERO
from ...core.payment_times import kaplan_meier
from ...core.receipt_range import Chance, range_of
from ..common.ledger_query import over_the_ledger
from ..common.letter_formats import format_labelled, format_long_date
from .query import outlook, results
from .scope import SALES_MONTHS
from .situation import months_of_sales, to_decimal

MONTHS = 24  # of the curves, including the current one
HISTORY_MONTHS = 12  # of payments, on which the forecast is based
FEW = 10  # payments of a class: with fewer, all customers together are a better basis
SEEN = ("entered", "paid", "left")  # arguments of the curve, in their order
TEST_DAYS = 7 * forecast.WEEKS


class Behaviour(NamedTuple):
    """What payments show on a day: the curve of each class of customers, and what is then open.

    :ivar dict curves: ``core.payment_times.Curve`` by class
    :ivar list cells: tuples of class, age in days late, amount, sum of squares
    :ivar Decimal step: smallest amount of the currency of the page
    """

    curves: dict
    cells: list
    step: Decimal

    def range_between(self, after, until):
        """Return the ``core.receipt_range.Range`` of receipts between two days from then on."""
        chances = (
            Chance(amount, self.curves[place].paid_between(age, after, until), squares)
            for place, age, amount, squares in self.cells
        )
        return range_of(chances, self.step)


class AccountDunningOutlook(models.AbstractModel):
    """The past months and the coming weeks: the curves, and the forecast with its back-test.

    The dashboard requests them after its figures; amounts and days are formatted here.
    """

    _name = "account.dunning.outlook"
    _description = "Curves and Forecast of the Dashboard"

    # -- The curves --------------------------------------------------------------------------------

    @api.model
    def _get_curves(self, scope):
        """Return the curves of 24 months: overdue and DSO at month end, and monthly receipts.

        :return: list of dicts: ``key``, ``title``, ``labels``, ``values`` and their ``texts``
        """
        page = self.env["account.dunning.dashboard"]
        ends = self._get_month_ends(scope)
        overdue, dso, received = self._read_curves(scope, ends)
        labels = [format_date(self.env, day, date_format="MMM yy") for day in ends]

        def curve(key, title, values, write):
            return {
                "key": key,
                "title": title,
                "labels": labels,
                "values": [None if value is None else float(value) for value in values],
                "texts": [write(value) for value in values],
            }

        def money(value):
            return page._money(scope, value)

        return [
            curve("overdue", self.env._("Overdue at the end of the month"), overdue, money),
            curve("dso", self.env._("DSO (count-back), in days"), dso, page._days),
            curve("received", self.env._("Received in the month"), received, money),
        ]

    @api.model
    def _get_month_ends(self, scope):
        """Return the days of the curves: the ends of past months, and the day of the page."""
        first = scope.as_of.replace(day=1)
        ends = [
            first - relativedelta(months=back) - timedelta(days=1)
            for back in reversed(range(MONTHS - 1))
        ]
        return [*ends, scope.as_of]

    @api.model
    def _read_curves(self, scope, ends):
        """Return the overdue amount, the DSO and the receipts, each by month."""
        page = self.env["account.dunning.dashboard"]
        first = ends[0].replace(day=1)
        rows = self.env.execute_query(outlook.curves(scope, page._get_open_items(scope), ends))
        moved = {"owed": [ZERO] * len(ends), "overdue": [ZERO] * len(ends)}
        for kind, place, amount in rows:
            if place < len(ends):
                moved[kind][place] += to_decimal(amount)
        owed, overdue = (list(accumulate(moved[kind])) for kind in ("owed", "overdue"))
        sales = defaultdict(lambda: ZERO)
        since = first - relativedelta(months=SALES_MONTHS) - timedelta(days=1)
        for month, amount in self.env.execute_query(outlook.sales_by_month(scope, since)):
            sales[month] = to_decimal(amount)
        month = SQL("date_trunc('month', line.date)::date")
        received = {
            key: to_decimal(amount)
            for _name, key, amount, _count in self.env.execute_query(
                results.received(scope, month, first - timedelta(days=1))
            )
        }
        return (
            overdue,
            [self._get_dso(amount, sales, day) for amount, day in zip(owed, ends, strict=True)],
            [received.get(day.replace(day=1).isoformat(), ZERO) for day in ends],
        )

    @api.model
    def _get_dso(self, owed, sales, day):
        """Return the days of sales outstanding (DSO) on a day, None if nothing was sold."""
        months = months_of_sales(sales, day)
        if not any(month.sales for month in months):
            return None
        return count_back_dso(owed, months).days

    # -- The forecast ------------------------------------------------------------------------------

    @api.model
    def _get_forecast(self, scope):
        """Return the receipts expected by week, from past payments and from promises.

        ``low``, ``median`` and ``high`` of a week, and of all weeks (``range``): the amounts that
        are not exceeded in 20, 50 and 80 percent of the cases, for what is open on the day. Next to
        them, the single value based on usual delays and promises (``total``), by certainty.
        """
        page = self.env["account.dunning.dashboard"]
        situation = page._read_situation(scope, "expected")
        weeks = situation.weeks(scope.as_of)
        labels = {
            "certain": self.env._("Committed"),
            "probable": self.env._("Probable"),
            "at_risk": self.env._("At risk"),
        }
        totals = {
            name: page._money(scope, sum((week.amounts[name] for week in weeks), ZERO))
            for name in labels
        }
        behaviour = self._read_behaviour(scope, scope.as_of)
        return {
            "labels": labels,
            "usual_label": self.env._("Usual delays and promises"),
            "empty": not situation.expected,
            "totals": totals,
            "sums": {
                name: format_labelled(self.env, label, totals[name])
                for name, label in labels.items()
            },
            "weeks": [
                self._prepare_week(scope, f"week_{rank}", week, behaviour)
                for rank, week in enumerate(weeks)
            ],
            **self._tell_range(scope, weeks, behaviour),
            "test": self._test_forecast(scope),
        }

    @api.model
    def _prepare_week(self, scope, key, week, behaviour):
        page = self.env["account.dunning.dashboard"]
        usual = week.amounts["certain"] + week.amounts["probable"]
        at_risk = week.amounts["at_risk"]
        result = {
            "key": key,
            "label": format_long_date(self.env, week.start, "d MMM")
            if week.end
            else self.env._("Later"),
            "total": page._money(scope, usual),
            "usual": float(usual),
            "at_risk": bool(at_risk) and page._money(scope, at_risk),
            "values": None,
            "range": "",
        }
        if week.end:
            after = max((week.start - scope.as_of).days - 1, 0)
            found = behaviour.range_between(after, (week.end - scope.as_of).days)
            result["values"] = [float(value) for value in found]
            result["median"] = page._money(scope, found.median)
            result["range"] = self._write_range(scope, found)
        return result

    @api.model
    def _write_range(self, scope, found):
        page = self.env["account.dunning.dashboard"]
        return self.env._(
            "%(low)s to %(high)s",
            low=page._money(scope, found.low),
            high=page._money(scope, found.high),
        )

    @api.model
    def _tell_range(self, scope, weeks, behaviour):
        """Return the sentence about all weeks together, with the single value next to it."""
        page = self.env["account.dunning.dashboard"]
        last = weeks[-2].end
        found = behaviour.range_between(0, (last - scope.as_of).days)
        usual = sum(
            (week.amounts["certain"] + week.amounts["probable"] for week in weeks[:-1]), ZERO
        )
        return {
            "range": self.env._(
                "By %(day)s, of what is open: %(median)s as likely as not (P50), %(low)s (P20) to "
                "%(high)s (P80). By the usual delays and the promises: %(usual)s.",
                day=format_date(self.env, last),
                low=page._money(scope, found.low),
                median=page._money(scope, found.median),
                high=page._money(scope, found.high),
                usual=page._money(scope, usual),
            ),
        }

    @api.model
    def _test_forecast(self, scope):
        """Return the sentence that compares the forecast of 13 weeks ago with actual receipts."""
        page = self.env["account.dunning.dashboard"]
        day = scope.as_of - timedelta(days=TEST_DAYS)
        before = self._read_behaviour(scope, day)
        [(came,)] = self.env.execute_query(outlook.arrived(scope, day))
        came = to_decimal(came)
        if not before.cells:
            return self.env._("13 weeks ago nothing was open: there is nothing to compare with.")
        found = before.range_between(0, TEST_DAYS)
        return self.env._(
            "13 weeks ago, on %(day)s, P50 said %(median)s (P20 %(low)s, P80 %(high)s) of what was "
            "open then; received: %(came)s.",
            day=format_date(self.env, day),
            low=page._money(scope, found.low),
            median=page._money(scope, found.median),
            high=page._money(scope, found.high),
            came=page._money(scope, came),
        )

    @api.model
    def _read_behaviour(self, scope, day):
        """Return what payments showed on a day, from the months before it: ``Behaviour``.

        A class with few payments follows the curve of all customers, as do customers who have not
        paid yet.
        """
        page = self.env["account.dunning.dashboard"]
        since = day - relativedelta(months=HISTORY_MONTHS)
        open_items = page._get_open_items(scope, day)
        with over_the_ledger(self.env.cr):
            rows = self.env.execute_query(outlook.behaviour(scope, open_items, since, day))
        sections = {name: defaultdict(lambda: defaultdict(Decimal)) for name in SEEN}
        payments, cells = defaultdict(int), []
        for section, place, age, amount, squares, count in rows:
            amount = to_decimal(amount)
            if section == "open":
                cells.append((place, age, amount, to_decimal(squares)))
                continue
            for each in (place, None):
                sections[section][each][age] += amount
            payments[place] += count if section == "paid" else 0
        together = self._get_curve(sections, None)
        curves = {
            place: self._get_curve(sections, place) if payments[place] >= FEW else together
            for place in {place for place, *_cell in cells}
        }
        return Behaviour(curves, cells, to_decimal(scope.currency.rounding))

    @api.model
    def _get_curve(self, sections, place):
        return kaplan_meier(*(sections[name][place] for name in SEEN))

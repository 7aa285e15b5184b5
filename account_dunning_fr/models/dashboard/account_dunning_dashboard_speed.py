from calendar import monthrange
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...core import days_sales, delays
from ...core.money import ZERO
from .account_dunning_dashboard import PAID_MONTHS, SALES_MONTHS


class AccountDunningDashboard(models.AbstractModel):
    """How fast customers pay: days of sales and delays, and the lists they come from."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_months(self, scope, sums):
        """Return the sales by month, newest first, without a gap, as the core takes them."""
        by_month, months = defaultdict(lambda: ZERO), []
        for day, (amount, _count) in sums.get("sales", {}).items():
            by_month[day[:7]] += amount
        first = scope["as_of"].replace(day=1)
        for back in range(SALES_MONTHS + 1):
            month = first - relativedelta(months=back)
            amount = by_month[fields.Date.to_string(month)[:7]]
            days = monthrange(month.year, month.month)[1] if back else scope["as_of"].day
            months.append(days_sales.Month(days, amount))
        return months

    @api.model
    def _get_delays(self, sums, section):
        return [
            delays.Delay(int(days), amount)
            for days, (amount, _count) in sums.get(section, {}).items()
        ]

    @api.model
    def _get_speed_tiles(self, scope, sums):
        return [
            *self._get_sales_tiles(scope, sums),
            *self._get_term_tiles(scope, sums),
            *self._get_delay_tiles(scope, sums),
        ]

    @api.model
    def _get_sales_tiles(self, scope, sums):
        """Return the days of sales by both methods, and what of them is due to lateness."""
        total, not_due = self._get_owed(sums)
        months = self._get_months(scope, sums)
        year = months[:12]
        by_count, best = (days_sales.count_back_dso(owed, months) for owed in (total, not_due))
        delinquent = days_sales.average_days_delinquent(by_count.days, best.days)
        accounting = days_sales.accounting_dso(
            total, sum(month.sales for month in year), sum(month.days for month in year)
        )
        more = "" if by_count.complete else ">\N{NO-BREAK SPACE}"
        sold = any(month.sales for month in months)
        nothing = self.env._("No sales in the last %s months", SALES_MONTHS)
        sales_action = self._get_sales_action(scope)
        return [
            self._prepare_tile(
                "dso",
                self.env._("DSO (count-back)"),
                f"{more}{self._days(by_count.days)}" if sold else self._days(None),
                note=self.env._("Best possible: %s", self._days(best.days)) if sold else nothing,
                help=self.env._(
                    "How many days of the latest sales, taxes included, the receivables make up. "
                    "Best possible: the same on what is not yet due."
                ),
                action=sales_action,
            ),
            self._prepare_tile(
                "add",
                self.env._("Average days delinquent"),
                self._days(delinquent if sold else None),
                help=self.env._("DSO less best possible DSO: what late payment alone costs."),
                action=self._get_items_action(
                    scope, self.env._("Overdue"), self._get_late_domain(scope)
                ),
            ),
            self._prepare_tile(
                "accounting_dso",
                self.env._("DSO (accounting)"),
                self._days(accounting),
                help=self.env._("Receivables ÷ sales of the last twelve months × their days."),
                action=sales_action,
            ),
        ]

    @api.model
    def _get_term_tiles(self, scope, sums):
        """Return how long customers may take to pay, and how long they take."""
        terms, waited = (self._get_delays(sums, section) for section in ("term", "waited"))
        action = self._get_payments_action(scope)
        period = self.env._("over %s months", PAID_MONTHS)
        return [
            self._prepare_tile(
                "contractual_dso",
                self.env._("DSO (contractual)"),
                self._days(delays.contractual_days(terms)),
                note=period,
                help=self.env._(
                    "Mean term of payment agreed, from the invoice to the due date, weighted by "
                    "the amounts, of what was paid in the last six months."
                ),
                action=action,
            ),
            self._prepare_tile(
                "payment_time",
                self.env._("Average time to pay"),
                self._days(delays.mean_payment_days(waited)),
                note=period,
                help=self.env._(
                    "Days between the invoice and the payment, weighted by the amounts, over six "
                    "months: the contractual DSO and the average delay together."
                ),
                action=action,
            ),
        ]

    @api.model
    def _get_delay_tiles(self, scope, sums):
        """Return how late customers pay, each figure with what is still overdue beside it."""
        paid, late = self._get_delays(sums, "paid"), self._get_delays(sums, "late")
        action = self._get_payments_action(scope)
        return [
            self._prepare_tile(
                "mean_delay",
                self.env._("Average delay of payments"),
                self._days(delays.mean_delay(paid)),
                note=self.env._(
                    "With what is still overdue: %s",
                    self._days(delays.mean_delay_with_open(paid, late)),
                ),
                help=self.env._(
                    "Days between the due date and the payment, weighted by the amounts, over "
                    "six months; early payments count as negative. The second figure adds what is "
                    "overdue, at its present age: somebody who pays nothing is not punctual."
                ),
                action=action,
            ),
            self._prepare_tile(
                "on_time",
                self.env._("Paid on time"),
                self._percent(delays.on_time_rate(paid)),
                note=self.env._(
                    "With what is still overdue: %s",
                    self._percent(delays.on_time_rate_of_due(paid, late)),
                ),
                help=self.env._(
                    "Share of the money of the last six months that came on the due date or "
                    "before. The second figure counts what is overdue as not paid in time."
                ),
                action=action,
            ),
        ]

    @api.model
    def _get_sales_action(self, scope):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        since = scope["sales_since"] + timedelta(days=1)
        return {
            **action,
            "domain": [
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "=", "posted"),
                ("company_id", "in", scope["companies"].ids),
                ("date", ">=", fields.Date.to_string(since)),
                ("date", "<=", fields.Date.to_string(scope["as_of"])),
                *self._get_partner_domain(scope, "commercial_partner_id."),
                *self._get_currency_domain(scope),
            ],
            "context": {"group_by": ["date:month"], "create": False},
        }

    @api.model
    def _get_payments_action(self, scope, since=None):
        """Return the action that lists the money received from customers since a day."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payments received"),
            "res_model": "account.move.line",
            "views": [[False, "list"], [False, "pivot"]],
            "domain": [
                ("account_id.account_type", "=", "asset_receivable"),
                ("account_id.non_trade", "=", False),
                ("parent_state", "=", "posted"),
                ("journal_id.type", "in", ("bank", "cash", "credit")),
                ("credit", ">", 0),
                ("date", ">", fields.Date.to_string(since or scope["paid_since"])),
                ("date", "<=", fields.Date.to_string(scope["as_of"])),
                ("company_id", "in", scope["companies"].ids),
                *self._get_partner_domain(scope, "partner_id.commercial_partner_id."),
                *self._get_currency_domain(scope),
            ],
            "context": {"group_by": ["date:month"]},
        }

from calendar import monthrange
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import formatLang

from ...core import days_sales, delays, efforts, ratios
from ...core.instalments import KEPT, WAITING
from ...core.money import ZERO
from ..common.due import RECEIVABLE_ITEMS
from .account_dunning_dashboard import LIMIT_MONTHS, PAID_MONTHS, PERIOD_MONTHS, SALES_MONTHS

# Outcomes of a call in which nobody of the customer's was spoken to.
NOT_REACHED = ("message", "unreachable")
POSTAGE = ("letter", "registered")

AT_RISK_DAYS = 90


class AccountDunningDashboard(models.AbstractModel):
    """The tiles of what was done to collect, how soon, and at what cost."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_effort_tiles(self, scope, sums):
        return [
            self._get_activation_tile(scope, sums),
            self._get_first_tile(scope, sums),
            self._get_contact_tile(scope, sums),
            self._get_dispute_tile(scope, sums),
            self._get_cost_tile(scope, sums),
        ]

    @api.model
    def _get_activation_tile(self, scope, sums):
        rows = sums.get("debtor", {})
        active, late = rows.get("true", (ZERO, 0))[1], self._get_count(sums, "debtor")
        action = self._get_items_action(scope, self.env._("Overdue"), self._get_late_domain(scope))
        return self._prepare_tile(
            "activation",
            self.env._("Rate of activation"),
            self._percent(efforts.activation_rate(active, late)),
            note=self.env._(
                "%(active)s of %(late)s late customers, %(period)s",
                active=active,
                late=late,
                period=self._get_period_label(),
            ),
            help=self.env._(
                "Of the customers who owe something overdue, those who were reminded or called, "
                "or who paid something, in the period."
            ),
            action={**action, "context": {**action["context"], "group_by": ["partner_id"]}},
        )

    @api.model
    def _get_first_tile(self, scope, sums):
        days, count = sums.get("first", {}).get("", (ZERO, 0))
        label = self.env._("First reminder after")
        return self._prepare_tile(
            "first",
            label,
            self._days(efforts.mean_days(int(days), count or 0)),
            note=self._get_period_label(),
            help=self.env._(
                "Mean number of days between the due date of an item and the first reminder that "
                "claims it; courtesy messages do not count."
            ),
            action=self._get_notices_action(
                scope,
                label,
                [
                    ("state", "=", "sent"),
                    ("has_left", "=", True),
                    ("kind", "!=", "courtesy"),
                    *self._get_between(scope, "date", "opening"),
                ],
            ),
        )

    @api.model
    def _get_contact_tile(self, scope, sums):
        calls = {outcome: count for outcome, (_none, count) in sums.get("call", {}).items()}
        made = sum(calls.values())
        reached = made - sum(calls.get(outcome, 0) for outcome in NOT_REACHED)
        label = self.env._("Calls made")
        return self._prepare_tile(
            "contact",
            self.env._("Reached by phone"),
            self._percent(efforts.contact_rate(reached, made)),
            note=self.env._(
                "%(reached)s of %(made)s calls, %(period)s",
                reached=reached,
                made=made,
                period=self._get_period_label(),
            ),
            help=self.env._(
                "Of the calls made in the period, those in which somebody was spoken to: neither "
                "a message left nor a customer who cannot be reached."
            ),
            action=self._get_model_action(
                scope,
                "action_account_dunning_call",
                label,
                [("state", "=", "done"), *self._get_between(scope, "done_on", "opening")],
                {"group_by": ["outcome"]},
            ),
        )

    @api.model
    def _get_dispute_tile(self, scope, sums):
        rows = sums.get("dispute", {})
        disputed, _opened = rows.get("opened", (ZERO, 0))
        days, closed = rows.get("closed", (ZERO, 0))
        since = fields.Date.to_string(scope["year_ago"])
        sold = [day for day in sums.get("sales", {}) if day > since]
        rate = efforts.dispute_rate(disputed, self._get_total(sums, "sales", sold))
        label = self.env._("Disputes")
        return self._prepare_tile(
            "disputes",
            self.env._("Days to solve a dispute"),
            self._days(efforts.mean_days(int(days), closed)),
            note=self.env._(
                "disputed: %(amount)s, %(rate)s of the sales, over twelve months",
                amount=self._money(scope, disputed),
                rate=self._percent(rate),
            ),
            help=self.env._(
                "Mean time between the opening and the end of the disputes closed in the last "
                "twelve months. Beside it, what was disputed in them ÷ sales, taxes included."
            ),
            action=self._get_model_action(
                scope,
                "action_account_dunning_dispute",
                label,
                [
                    "|",
                    *("&", *self._get_between(scope, "date_open", "year_ago")),
                    *("&", *self._get_between(scope, "closed_on", "year_ago")),
                ],
                {"group_by": ["reason"]},
            ),
        )

    @api.model
    def _get_cost_tile(self, scope, sums):
        """Return what one euro paid late cost; without any price or fee it says where to enter."""
        rows = sums.get("cost", {})
        euro = Decimal(str(self._get_rate(scope, scope["euro_id"])))
        fees = rows.get("fees", (ZERO, 0))[0] * euro
        work = sum((rows.get(kind, (ZERO, 0))[0] for kind in (*POSTAGE, "call")), ZERO)
        paid = self._get_delays(sums, "paid")
        recovered = sum((delay.amount for delay in paid if delay.days > 0), ZERO)
        spent = fees + work
        cost = efforts.cost_per_euro(spent, max(recovered, ZERO)) if spent else None
        return self._prepare_tile(
            "cost",
            self.env._("Cost per euro recovered"),
            "–" if cost is None else self._money(scope, cost, exact=True),
            note=self.env._(
                "%(work)s of post and calls, %(fees)s of fees, over %(months)s months",
                work=self._money(scope, work),
                fees=self._money(scope, fees),
                months=PAID_MONTHS,
            )
            if spent
            else self.env._("Enter what a letter and a call cost in the settings"),
            help=self.env._(
                "Letters, registered letters and calls at the prices of the settings, and the "
                "costs entered on the court files ÷ what was paid after its due date."
            ),
            action=self._get_notices_action(
                scope,
                self.env._("Letters and calls"),
                [
                    ("state", "=", "sent"),
                    *self._get_between(scope, "date", "paid_since"),
                    "|",
                    "|",
                    ("send_letter", "=", True),
                    ("send_registered", "=", True),
                    ("make_call", "=", True),
                ],
            ),
        )

    @api.model
    def _get_between(self, scope, field, since):
        """Return the days after the start of a period, up to the day, as a domain.

        :param str since: key of the scope
        """
        if field == "done_on":  # a moment: the day of the scope is counted to its end
            first, end = (scope[name] + timedelta(days=1) for name in (since, "as_of"))
            return [(field, ">=", f"{first} 00:00:00"), (field, "<", f"{end} 00:00:00")]
        first, last = (fields.Date.to_string(scope[name]) for name in (since, "as_of"))
        return [(field, ">", first), (field, "<=", last)]

    # -- The tiles of what came in, what was kept of what was promised, and what was lost ----------

    @api.model
    def _get_result_tiles(self, scope, sums):
        return [
            self._get_recovery_tile(scope, sums),
            self._get_effectiveness_tile(scope, sums),
            *self._get_promise_tiles(scope),
            *self._get_plan_tiles(scope),
            *self._get_loss_tiles(scope, sums),
        ]

    @api.model
    def _get_period_label(self):
        return self.env._("over %s months", PERIOD_MONTHS)

    @api.model
    def _get_recovery_tile(self, scope, sums):
        collected = self._get_total(sums, "collected")
        overdue = self._get_total(sums, "opening", ["true"])
        return self._prepare_tile(
            "recovery",
            self.env._("Recovery rate"),
            self._percent(ratios.recovery_rate(collected, overdue)),
            note=self.env._(
                "%(collected)s of %(overdue)s, %(period)s",
                collected=self._money(scope, collected),
                overdue=self._money(scope, overdue),
                period=self._get_period_label(),
            ),
            help=self.env._(
                "Collected during the period on what was overdue at its opening ÷ overdue at "
                "its opening."
            ),
            action=self._get_payments_action(scope, scope["opening"]),
        )

    @api.model
    def _get_effectiveness_tile(self, scope, sums):
        total, not_due = self._get_owed(sums)
        opening_day = fields.Date.to_string(scope["opening"])
        sold = [day for day in sums.get("sales", {}) if day > opening_day]
        index = ratios.collection_effectiveness(
            self._get_total(sums, "opening"), self._get_total(sums, "sales", sold), total, not_due
        )
        return self._prepare_tile(
            "effectiveness",
            self.env._("Collection effectiveness (CEI)"),
            self._percent(index),
            note=self._get_period_label(),
            help=self.env._(
                "(opening receivables + sales − receivables) ÷ (opening receivables + sales − "
                "not yet due). It is complete when nothing collectable is left."
            ),
            action=self._get_items_action(
                scope, self.env._("Overdue"), self._get_late_domain(scope)
            ),
        )

    @api.model
    def _get_promise_tiles(self, scope):
        """Return the share of the promised money that came; nothing where none was promised."""
        promises = self._get_promises(scope)
        kept = ratios.promise_keeping_rate(promises)
        if kept is None:
            return []
        missing = sum((max(row.promised - row.paid, ZERO) for row in promises), ZERO)
        return [
            self._prepare_tile(
                "promises",
                self.env._("Promises kept"),
                self._percent(kept),
                note=self.env._(
                    "not paid: %(missing)s, %(period)s",
                    missing=self._money(scope, missing),
                    period=self._get_period_label(),
                ),
                help=self.env._(
                    "Of the money promised for the period, what was paid in time, the "
                    "tolerance included."
                ),
                action=self._get_promises_action(scope),
            )
        ]

    @api.model
    def _get_plan_tiles(self, scope):
        """Return the share of the instalments paid in time; nothing where none fell due."""
        plans = self.env["account.dunning.payment.plan"].search(self._get_plans_domain(scope))
        judged = plans._judge(scope["as_of"])
        due = plans.line_ids.filtered(
            lambda line: (
                line.id in judged
                and judged[line.id].state != WAITING
                and scope["opening"] < line.date <= scope["as_of"]
            )
        )
        kept = due.filtered(lambda line: judged[line.id].state == KEPT)
        rate = efforts.plan_keeping_rate(len(kept), len(due))
        if rate is None:
            return []
        label = self.env._("Instalments paid in time")
        return [
            self._prepare_tile(
                "plans",
                label,
                self._percent(rate),
                note=self.env._(
                    "%(kept)s of %(due)s, %(period)s",
                    kept=len(kept),
                    due=len(due),
                    period=self._get_period_label(),
                ),
                help=self.env._(
                    "Of the instalments of the payment plans that fell due in the period, those "
                    "paid by their date and the tolerance."
                ),
                action=self._get_model_action(
                    scope,
                    "action_account_dunning_payment_plan",
                    label,
                    self._get_plans_domain(scope),
                ),
            )
        ]

    @api.model
    def _get_plans_domain(self, scope):
        return [
            ("company_id", "in", scope["creditors"].ids),
            ("started_on", "!=", False),
            ("line_ids.date", ">", fields.Date.to_string(scope["opening"])),
            *self._get_partner_domain(scope, "partner_id."),
        ]

    @api.model
    def _get_loss_tiles(self, scope, sums):
        """Return the rate of loss; nothing where the chart has no account 654."""
        if scope["bad_debt_accounts"]["loss"] == (0,):
            return []
        losses = self._get_total(sums, "loss")
        rate = efforts.loss_rate(losses, self._get_total(sums, "turnover"))
        label = self.env._("Losses (654)")
        return [
            self._prepare_tile(
                "losses",
                self.env._("Rate of loss"),
                self._percent(rate),
                note=self.env._("%s written off over twelve months", self._money(scope, losses)),
                help=self.env._(
                    "Bad debts written off (accounts 654) ÷ turnover, both over twelve months and "
                    "without taxes."
                ),
                action=self._get_accounts_action(scope, label, "loss", scope["year_ago"]),
            )
        ]

    @api.model
    def _get_accounts_action(self, scope, name, section, since=None):
        """Return the action that lists the journal items of the accounts of bad debts.

        :param str section: ``loss``, ``doubtful`` or ``provision``
        :param date since: only what is dated after it
        """
        domain = [
            ("account_id", "in", scope["bad_debt_accounts"][section]),
            ("parent_state", "=", "posted"),
            ("date", "<=", fields.Date.to_string(scope["as_of"])),
            ("company_id", "in", scope["companies"].ids),
            *self._get_partner_domain(scope, "partner_id.commercial_partner_id."),
            *self._get_currency_domain(scope),
        ]
        if since:
            domain.append(("date", ">", fields.Date.to_string(since)))
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [[False, "list"], [False, "pivot"]],
            "domain": domain,
            "context": {},
        }

    # -- The tiles of what is owed on the day ------------------------------------------------------

    @api.model
    def _get_situation_tiles(self, scope, sums):
        return [
            self._get_receivables_tile(scope, sums),
            *self._get_due_tiles(scope, sums),
            self._get_at_risk_tile(scope, sums),
            self._get_formal_tile(scope, sums),
            *self._get_credit_tiles(scope, sums),
            *self._get_limit_tiles(scope, sums),
            *self._get_doubtful_tiles(scope, sums),
        ]

    @api.model
    def _get_receivables_tile(self, scope, sums):
        total, _not_due = self._get_owed(sums)
        credit = self._get_total(sums, "credit")
        return self._prepare_tile(
            "receivables",
            self.env._("Receivables"),
            self._money(scope, total),
            note=self.env._("of which %s of credits not allocated", self._money(scope, credit))
            if credit
            else "",
            help=self.env._(
                "Everything open on the receivable accounts on the day: invoices, penalties, "
                "less credit notes and payments not yet allocated."
            ),
            action=self._get_items_action(scope, self.env._("Open items")),
        )

    @api.model
    def _get_due_tiles(self, scope, sums):
        """Return what is not due, and what is overdue with its rate and its concentration."""
        total, not_due = self._get_owed(sums)
        overdue = total - not_due
        largest = [amount for amount, _days in sums.get("top", {}).values()]
        items = self._get_items_action
        return [
            self._prepare_tile(
                "not_due",
                self.env._("Not yet due"),
                self._money(scope, not_due),
                action=items(scope, self.env._("Not yet due"), self._get_age_domain(scope, 0)),
            ),
            self._prepare_tile(
                "overdue",
                self.env._("Overdue"),
                self._money(scope, overdue),
                note=self.env._(
                    "Rate of overdue: %(rate)s – ten largest customers: %(share)s",
                    rate=self._percent(ratios.overdue_rate(overdue, total)),
                    share=self._percent(ratios.concentration(largest, overdue)),
                ),
                help=self.env._("Overdue ÷ receivables. An item is overdue after its due date."),
                action=items(scope, self.env._("Overdue"), self._get_late_domain(scope)),
                tone="warning" if overdue > 0 else "",
            ),
        ]

    @api.model
    def _get_at_risk_tile(self, scope, sums):
        total, _not_due = self._get_owed(sums)
        oldest = delays.age(AT_RISK_DAYS + 1)
        at_risk = sum(self._get_amounts_by_age(sums)[oldest:], ZERO)
        label = self.env._("More than 90 days late")
        return self._prepare_tile(
            "at_risk",
            label,
            self._money(scope, at_risk),
            note=self.env._("%s of the receivables", self._percent(ratios.percent(at_risk, total))),
            action=self._get_items_action(scope, label, self._get_late_domain(scope, AT_RISK_DAYS)),
            tone="danger" if at_risk > 0 else "",
        )

    @api.model
    def _get_formal_tile(self, scope, sums):
        running, expired = (self._get_total(sums, "formal", [key]) for key in ("false", "true"))
        formal = [("kind", "=", "formal_notice"), ("state", "=", "sent"), ("has_left", "=", True)]
        return self._prepare_tile(
            "formal_notices",
            self.env._("Under formal notice"),
            self._money(scope, running + expired),
            note=self.env._("of which expired: %s", self._money(scope, expired)),
            help=self.env._(
                "Open items claimed in a formal notice; expired once its printed deadline is past."
            ),
            action=self._get_notices_action(scope, self.env._("Formal notices"), formal),
            tone="danger" if expired > 0 else "",
        )

    @api.model
    def _get_credit_tiles(self, scope, sums):
        """Return what is owed beyond the credit limits; nothing where no limit is granted."""
        rows = sums.get("credit_limit", {})
        if not rows:
            return []
        (over_key,) = (key for key in rows if key.startswith("over "))
        over, count = rows[over_key]
        label = self.env._("Over the credit limit")
        used = ratios.percent(rows["owed"][0], rows["limit"][0])
        return [
            self._prepare_tile(
                "credit_limit",
                label,
                self._money(scope, over),
                note=self.env._(
                    "customers: %(count)s; limits used: %(used)s",
                    count=count,
                    used=self._percent(used),
                ),
                help=self.env._(
                    "What customers owe beyond the credit limit of their form, added up. Limits "
                    "used: all that these customers owe ÷ their limits. The list shows those "
                    "furthest beyond."
                ),
                action=self._get_items_action(
                    scope,
                    label,
                    [
                        (
                            "partner_id.commercial_partner_id",
                            "in",
                            [int(partner_id) for partner_id in over_key.split()[1:]],
                        )
                    ],
                ),
                tone="warning" if over > 0 else "",
            )
        ]

    @api.model
    def _get_limit_tiles(self, scope, sums):
        """Return what is soon time-barred; nothing where nothing is."""
        amount = self._get_total(sums, "limit")
        if not amount:
            return []
        label = self.env._("Soon time-barred")
        return [
            self._prepare_tile(
                "limit",
                label,
                self._money(scope, amount),
                note=self.env._("within %s months, or already", LIMIT_MONTHS),
                help=self.env._(
                    "Unpaid items whose limitation ends soon, counted from the due date, so at the "
                    "latest: it may have begun earlier, when the service was completed. Two years "
                    "for a consumer, four for a public body (full calendar years), five for all "
                    "others. What interrupts it (acknowledgement, claim in court, enforcement) is "
                    "not counted here: look into each debt."
                ),
                action=self._get_items_action(scope, label, self._get_limit_domain(scope)),
                tone="danger",
            )
        ]

    @api.model
    def _get_limit_domain(self, scope):
        """Return the debts soon time-barred as a domain, by the legal regime of the customer."""
        days = {key: fields.Date.to_string(day) for key, day in scope["limits"].items()}
        regime = "partner_id.commercial_partner_id.dunning_regime"
        special = [key for key in days if key != "b2b"]
        usual = ["&", ("dunning_due", "<=", days["b2b"])]
        domain = [*usual, "|", (regime, "=", False), (regime, "not in", special)]
        for key in special:
            domain = ["|", *domain, "&", ("dunning_due", "<=", days[key]), (regime, "=", key)]
        return [("debit", ">", 0), ("partner_id", "!=", False), *domain]

    @api.model
    def _get_doubtful_tiles(self, scope, sums):
        """Return the doubtful debts (416) and the share that 491 covers; nothing without any."""
        doubtful = self._get_total(sums, "doubtful")
        if not doubtful:
            return []
        covered = ratios.percent(self._get_total(sums, "provision"), doubtful)
        return [
            self._prepare_tile(
                "doubtful",
                self.env._("Doubtful debts (416)"),
                self._money(scope, doubtful),
                # A depreciation is rarely booked by customer: filtered, it would say nothing.
                note=""
                if self._is_filtered(scope)
                else self.env._("depreciated (491): %s", self._percent(covered)),
                help=self.env._(
                    "Balance of the doubtful customers on the day, and the part of it that the "
                    "depreciations cover. Where 416 is not a receivable account, the receivables "
                    "do not include it."
                ),
                action=self._get_accounts_action(
                    scope, self.env._("Doubtful debts (416)"), "doubtful"
                ),
            )
        ]

    # -- How fast customers pay: days of sales and delays, and the lists they come from ------------

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
                *RECEIVABLE_ITEMS,
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

    # -- The tiles in their groups, and how amounts, rates and days are written --------------------

    # -- Formats ---------------------------------------------------------------------------------

    @api.model
    def _money(self, scope, amount, exact=False):
        """Return an amount in the dashboard's currency; to the unit, or to the cent if exact."""
        unit = "decimals" if exact else "units"
        return formatLang(
            self.env,
            float(amount),
            currency_obj=scope["currency"],
            rounding_method="HALF-UP",
            rounding_unit=unit,
        )

    @api.model
    def _number(self, value, unit):
        """Return a number of one decimal with its unit; a dash for nothing to measure."""
        if value is None:
            return "–"
        return f"{formatLang(self.env, float(value), digits=1)}\N{NO-BREAK SPACE}{unit}"

    @api.model
    def _percent(self, value):
        return self._number(value, "%")

    @api.model
    def _days(self, value):
        return self._number(value, self.env._("days"))

    @api.model
    def _width(self, part, whole):
        """Return the length of a bar in percent of the longest, as CSS."""
        share = max(part, ZERO) / whole * 100 if whole > 0 else ZERO
        return f"{min(share, Decimal(100)):.1f}%"

    @api.model
    def _get_total(self, sums, section, keys=None):
        """Return the sum of a section; of some of its keys only."""
        rows = sums.get(section, {})
        return sum((rows[key][0] for key in (rows if keys is None else keys) if key in rows), ZERO)

    @api.model
    def _get_count(self, sums, section):
        return sum(count or 0 for _amount, count in sums.get(section, {}).values())

    @api.model
    def _get_amounts_by_age(self, sums):
        """Return what is owed by age of the aged balance, as ``core.delays.age`` counts them."""
        amounts = [ZERO] * (len(delays.AGES) + 1)
        for late, (amount, _count) in sums.get("kept", {}).items():
            amounts[delays.age(int(late))] += amount
        return amounts

    @api.model
    def _get_owed(self, sums):
        """Return what is owed in all, and what of it is not yet due."""
        amounts = self._get_amounts_by_age(sums)
        return sum(amounts, ZERO), amounts[0]

    # -- The tiles -------------------------------------------------------------------------------

    @api.model
    def _get_tiles(self, scope, sums):
        """Return the tiles in groups, each ``{"title": text, "tiles": [tile]}``."""
        return [
            {"title": self.env._("Situation"), "tiles": self._get_situation_tiles(scope, sums)},
            {"title": self.env._("Speed"), "tiles": self._get_speed_tiles(scope, sums)},
            {"title": self.env._("Results"), "tiles": self._get_result_tiles(scope, sums)},
            {"title": self.env._("Collection work"), "tiles": self._get_effort_tiles(scope, sums)},
        ]

    @api.model
    def _prepare_tile(self, key, label, value, *, note="", help="", action=None, tone=""):
        return {
            "key": key,
            "label": label,
            "value": value,
            "note": note,
            "help": help,
            "action": action,
            "tone": tone,
        }

    # -- The promises that fell due in the period of the dashboard ---------------------------------

    @api.model
    def _get_promises(self, scope):
        """Return what was promised for the period and what was paid of it, in its currency.

        :param dict scope: as ``_get_scope`` returns it
        :return: list of ``core.ratios.Promise``
        """
        promises = self.env["account.dunning.promise"].search(self._get_promises_domain(scope))
        return [
            ratios.Promise(
                promised=self._convert_promised(scope, promise, promise.amount),
                paid=max(self._convert_promised(scope, promise, promise.amount_received), ZERO),
            )
            for promise in promises
        ]

    @api.model
    def _get_promises_domain(self, scope):
        return [
            ("company_id", "in", scope["creditors"].ids),
            ("state", "in", ("kept", "partly", "broken")),
            ("date_limit", ">", fields.Date.to_string(scope["opening"])),
            ("date_limit", "<=", fields.Date.to_string(scope["as_of"])),
            *self._get_partner_domain(scope, "partner_id."),
        ]

    @api.model
    def _get_promises_action(self, scope):
        """Return the action that lists the promises counted."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_promise"
        )
        return {**action, "domain": self._get_promises_domain(scope), "context": {}}

    @api.model
    def _convert_promised(self, scope, promise, amount):
        converted = promise.currency_id._convert(
            amount, scope["currency"], promise.company_id, promise.date_promised
        )
        return Decimal(str(scope["currency"].round(converted)))

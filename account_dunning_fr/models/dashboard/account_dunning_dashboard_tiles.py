from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ...core.instalments import KEPT, WAITING
from ...core.money import ZERO
from ..common.due import MONEY_JOURNALS
from . import bad_debt_tiles, insurance_tiles
from .account_dunning_dashboard import LEDGER
from .query import results
from .query.items import owed_late
from .scope import LIMIT_MONTHS, PAID_MONTHS, PERIOD_MONTHS, SALES_MONTHS
from .situation import AT_RISK_DAYS, Instalments, Penalties, Promises, Step, to_decimal

NOTICES = "action_account_dunning_notice"
CHANNELS = ("send_email", "send_letter", "send_registered", "make_call")
SHOWN = ("receivables", "overdue", "at_risk", "dso")  # tiles of the report that the page has above


class AccountDunningDashboard(models.AbstractModel):
    """What the page folds and the monthly report prints: more figures, lists, what acts brought."""

    _inherit = "account.dunning.dashboard"

    # -- What is folded ----------------------------------------------------------------------------

    @api.model
    def _get_more(self, scope):
        """Return what the page shows once it is unfolded; what it shows already is left out."""
        situation = self._read_situation(scope, "all")
        groups = [
            {**group, "tiles": [tile for tile in group["tiles"] if tile["key"] not in SHOWN]}
            for group in self._get_tiles(scope, situation)
        ]
        return {
            "tiles": groups,
            "holds": self._get_holds(scope, situation),
            "cases": self._get_cases(scope, situation),
            "registered": self._get_registered(scope),
        }

    # -- The tiles in their groups -----------------------------------------------------------------

    @api.model
    def _get_tiles(self, scope, situation):
        """Return the tiles in groups, each ``{"title": text, "tiles": [tile]}``."""
        return [
            {
                "title": self.env._("Situation"),
                "tiles": self._get_situation_tiles(scope, situation),
            },
            {"title": self.env._("Speed"), "tiles": self._get_speed_tiles(scope, situation)},
            {"title": self.env._("Results"), "tiles": self._get_result_tiles(scope, situation)},
            {
                "title": self.env._("Collection work"),
                "tiles": self._get_effort_tiles(scope, situation),
            },
            *insurance_tiles.make(self, scope, situation),
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

    @api.model
    def _get_period_label(self):
        return self.env._("over %s months", PERIOD_MONTHS)

    # -- What is owed on the day -------------------------------------------------------------------

    @api.model
    def _get_situation_tiles(self, scope, situation):
        return [
            self._get_receivables_tile(scope, situation),
            *self._get_due_tiles(scope, situation),
            self._get_at_risk_tile(scope, situation),
            self._get_formal_tile(scope, situation),
            *self._get_credit_tiles(scope, situation),
            *self._get_limit_tiles(scope, situation),
            *bad_debt_tiles.make(self, scope, situation),
        ]

    @api.model
    def _get_receivables_tile(self, scope, situation):
        credit = situation.credits.amount
        return self._prepare_tile(
            "receivables",
            self.env._("Receivables"),
            self._money(scope, situation.owed),
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
    def _get_due_tiles(self, scope, situation):
        """Return what is not due, and what is overdue with its rate and its concentration."""
        items = self._get_items_action
        return [
            self._prepare_tile(
                "not_due",
                self.env._("Not yet due"),
                self._money(scope, situation.not_due),
                action=items(scope, self.env._("Not yet due"), scope.aged_domain("not_due")),
            ),
            self._prepare_tile(
                "overdue",
                self.env._("Overdue"),
                self._money(scope, situation.overdue),
                note=self.env._(
                    "Rate of overdue: %(rate)s – ten largest customers: %(share)s",
                    rate=self._percent(situation.overdue_rate),
                    share=self._percent(situation.concentration),
                ),
                help=self.env._(
                    "Overdue ÷ all that is owed. An item is overdue after its due date. Credit "
                    "notes and payments not yet allocated are not taken off: as in the aged "
                    "balance, they are shown apart."
                ),
                action=items(scope, self.env._("Overdue"), scope.late_domain()),
                tone="warning" if situation.overdue > 0 else "",
            ),
        ]

    @api.model
    def _get_at_risk_tile(self, scope, situation):
        at_risk = situation.at_risk
        label = self.env._("More than 90 days late")
        return self._prepare_tile(
            "at_risk",
            label,
            self._money(scope, at_risk),
            note=self.env._("%s of the receivables", self._percent(situation.share(at_risk))),
            action=self._get_items_action(scope, label, scope.late_domain(AT_RISK_DAYS)),
            tone="danger" if at_risk > 0 else "",
        )

    @api.model
    def _get_formal_tile(self, scope, situation):
        expired = situation.formal_expired
        formal = [("kind", "=", "formal_notice"), ("state", "=", "sent"), ("has_left", "=", True)]
        return self._prepare_tile(
            "formal_notices",
            self.env._("Under formal notice"),
            self._money(scope, situation.formal_notices),
            note=self.env._("of which expired: %s", self._money(scope, expired)),
            help=self.env._(
                "Open items claimed in a formal notice; expired once its printed deadline is past."
            ),
            action=self._get_model_action(scope, NOTICES, self.env._("Formal notices"), formal),
            tone="danger" if expired > 0 else "",
        )

    @api.model
    def _get_credit_tiles(self, scope, situation):
        """Return what is owed beyond the credit limits; nothing where no limit is granted."""
        if not situation.credit_limit:
            return []
        over, count = situation.credit_limit["over"]
        label = self.env._("Over the credit limit")
        return [
            self._prepare_tile(
                "credit_limit",
                label,
                self._money(scope, over),
                note=self.env._(
                    "customers: %(count)s; limits used: %(used)s",
                    count=count,
                    used=self._percent(situation.limits_used),
                ),
                help=self.env._(
                    "What customers owe beyond the credit limit of their form, added up. Limits "
                    "used: all that these customers owe ÷ their limits. The list shows those "
                    "furthest beyond."
                ),
                action=self._get_items_action(
                    scope,
                    label,
                    [("partner_id.commercial_partner_id", "in", list(situation.over_limit))],
                ),
                tone="warning" if over > 0 else "",
            )
        ]

    @api.model
    def _get_limit_tiles(self, scope, situation):
        """Return what is soon time-barred; nothing where nothing is."""
        amount = situation.time_barred.amount
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
                action=self._get_items_action(scope, label, scope.limit_domain()),
                tone="danger",
            )
        ]

    @api.model
    def _get_companies_action(self, scope, xmlid, name, domain):
        """Return the action of a list whose records belong to a company, a branch or not."""
        action = self._get_model_action(scope, xmlid, name)
        companies = ("company_id", "in", scope.companies.ids)
        return {**action, "domain": [companies, *scope.partner_domain("partner_id."), *domain]}

    # -- How fast customers pay --------------------------------------------------------------------

    @api.model
    def _get_speed_tiles(self, scope, situation):
        return [
            *self._get_sales_tiles(scope, situation),
            *self._get_term_tiles(scope, situation),
            *self._get_delay_tiles(scope, situation),
        ]

    @api.model
    def _get_sales_tiles(self, scope, situation):
        """Return the days of sales by both methods, and what of them is due to lateness."""
        dso = situation.days_of_sales(scope.as_of)
        more = "" if dso.complete else ">\N{NO-BREAK SPACE}"
        nothing = self.env._("No sales in the last %s months", SALES_MONTHS)
        sales_action = self._get_sales_action(scope, scope.sales_since + timedelta(days=1))
        return [
            self._prepare_tile(
                "dso",
                self.env._("DSO (count-back)"),
                f"{more}{self._days(dso.count_back)}" if dso.sold else self._days(None),
                note=self.env._("Best possible: %s", self._days(dso.best)) if dso.sold else nothing,
                help=self.env._(
                    "How many days of the latest sales, taxes included, the receivables make up. "
                    "Best possible: the same on what is not yet due."
                ),
                action=sales_action,
            ),
            self._prepare_tile(
                "add",
                self.env._("Average days delinquent"),
                self._days(dso.delinquent if dso.sold else None),
                help=self.env._("DSO less best possible DSO: what late payment alone costs."),
                action=self._get_items_action(scope, self.env._("Overdue"), scope.late_domain()),
            ),
            self._prepare_tile(
                "accounting_dso",
                self.env._("DSO (accounting)"),
                self._days(dso.accounting),
                help=self.env._("Receivables ÷ sales of the last twelve months × their days."),
                action=sales_action,
            ),
        ]

    @api.model
    def _get_term_tiles(self, scope, situation):
        """Return how long customers may take to pay, and how long they take."""
        action = self._get_payments_action(scope)
        period = self.env._("over %s months", PAID_MONTHS)
        return [
            self._prepare_tile(
                "contractual_dso",
                self.env._("DSO (contractual)"),
                self._days(situation.contractual_days),
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
                self._days(situation.payment_days),
                note=period,
                help=self.env._(
                    "Days between the invoice and the payment, weighted by the amounts, over six "
                    "months: the contractual DSO and the average delay together."
                ),
                action=action,
            ),
        ]

    @api.model
    def _get_delay_tiles(self, scope, situation):
        """Return how late customers pay, each figure with what is still overdue beside it."""
        action = self._get_payments_action(scope)
        return [
            self._prepare_tile(
                "mean_delay",
                self.env._("Average delay of payments"),
                self._days(situation.mean_delay),
                note=self.env._(
                    "With what is still overdue: %s",
                    self._days(situation.mean_delay_with_open),
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
                self._percent(situation.on_time_rate),
                note=self.env._(
                    "With what is still overdue: %s",
                    self._percent(situation.on_time_rate_of_due),
                ),
                help=self.env._(
                    "Share of the money of the last six months that came on the due date or "
                    "before. The second figure counts what is overdue as not paid in time."
                ),
                action=action,
            ),
        ]

    # -- What came in, what was kept of what was promised, and what was lost -----------------------

    @api.model
    def _get_result_tiles(self, scope, situation):
        return [
            self._get_recovery_tile(scope, situation),
            self._get_effectiveness_tile(scope, situation),
            *self._get_promise_tiles(scope),
            *self._get_plan_tiles(scope),
            *self._get_loss_tiles(scope, situation),
        ]

    @api.model
    def _get_recovery_tile(self, scope, situation):
        return self._prepare_tile(
            "recovery",
            self.env._("Recovery rate"),
            self._percent(situation.recovery_rate),
            note=self.env._(
                "%(collected)s of %(overdue)s, %(period)s",
                collected=self._money(scope, situation.collected.amount),
                overdue=self._money(scope, situation.overdue_at_opening),
                period=self._get_period_label(),
            ),
            help=self.env._(
                "Collected during the period on what was overdue at its opening ÷ overdue at "
                "its opening."
            ),
            action=self._get_payments_action(scope, scope.opening),
        )

    @api.model
    def _get_effectiveness_tile(self, scope, situation):
        return self._prepare_tile(
            "effectiveness",
            self.env._("Collection effectiveness (CEI)"),
            self._percent(situation.effectiveness(scope.opening)),
            note=self._get_period_label(),
            help=self.env._(
                "(opening receivables + sales − receivables) ÷ (opening receivables + sales − "
                "not yet due). It is complete when nothing collectable is left."
            ),
            action=self._get_items_action(scope, self.env._("Overdue"), scope.late_domain()),
        )

    @api.model
    def _get_promise_tiles(self, scope):
        """Return the share of the promised money that came; nothing where none was promised."""
        promises = self._read_promises(scope)
        if promises.rate is None:
            return []
        return [
            self._prepare_tile(
                "promises",
                self.env._("Promises kept"),
                self._percent(promises.rate),
                note=self.env._(
                    "not paid: %(missing)s, %(period)s",
                    missing=self._money(scope, promises.missing),
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
    def _read_promises(self, scope):
        """Return what was promised for the period and what was paid of it: ``Promises``."""
        promises = self.env["account.dunning.promise"].search(self._get_promises_domain(scope))
        return Promises.of(
            [
                self._convert_promised(scope, promise, amount)
                for amount in (promise.amount, promise.amount_received)
            ]
            for promise in promises
        )

    @api.model
    def _get_promises_domain(self, scope):
        return [
            ("company_id", "in", scope.creditors.ids),
            ("state", "in", ("kept", "partly", "broken")),
            ("date_limit", ">", fields.Date.to_string(scope.opening)),
            ("date_limit", "<=", fields.Date.to_string(scope.as_of)),
            *scope.partner_domain("partner_id."),
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
            amount, scope.currency, promise.company_id, promise.date_promised
        )
        return to_decimal(scope.currency.round(converted))

    @api.model
    def _get_plan_tiles(self, scope):
        """Return the share of the instalments paid in time; nothing where none fell due."""
        instalments = self._read_instalments(scope)
        if instalments.rate is None:
            return []
        label = self.env._("Instalments paid in time")
        return [
            self._prepare_tile(
                "plans",
                label,
                self._percent(instalments.rate),
                note=self.env._(
                    "%(kept)s of %(due)s, %(period)s",
                    kept=instalments.kept,
                    due=instalments.due,
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
    def _read_instalments(self, scope):
        """Return how many instalments fell due in the period, and were paid in time."""
        plans = self.env["account.dunning.payment.plan"].search(self._get_plans_domain(scope))
        judged = plans._judge(scope.as_of)
        due = [
            judged[line.id].state
            for line in plans.line_ids
            if line.id in judged
            and judged[line.id].state != WAITING
            and scope.opening < line.date <= scope.as_of
        ]
        return Instalments(due.count(KEPT), len(due))

    @api.model
    def _get_plans_domain(self, scope):
        return [
            ("company_id", "in", scope.creditors.ids),
            ("started_on", "!=", False),
            ("line_ids.date", ">", fields.Date.to_string(scope.opening)),
            *scope.partner_domain("partner_id."),
        ]

    @api.model
    def _get_loss_tiles(self, scope, situation):
        """Return the rate of loss; nothing where the chart has no account 654."""
        if scope.bad_debt_ids["losses"] == (0,):
            return []
        label = self.env._("Losses (654)")
        return [
            self._prepare_tile(
                "losses",
                self.env._("Rate of loss"),
                self._percent(situation.loss_rate),
                note=self.env._(
                    "%s written off over twelve months",
                    self._money(scope, situation.losses.amount),
                ),
                help=self.env._(
                    "Bad debts written off (accounts 654) ÷ turnover, both over twelve months and "
                    "without taxes."
                ),
                action=self._get_accounts_action(scope, label, "losses", scope.year_ago),
            )
        ]

    # -- What was done to collect, how soon, and at what cost --------------------------------------

    @api.model
    def _get_effort_tiles(self, scope, situation):
        return [
            self._get_activation_tile(scope, situation),
            self._get_first_tile(scope, situation),
            self._get_contact_tile(scope, situation),
            self._get_dispute_tile(scope, situation),
            self._get_cost_tile(scope, situation),
            *self._get_page_tiles(scope),
        ]

    @api.model
    def _get_page_tiles(self, scope):
        """Return what the page of the customers brought; none where no message brought a link."""
        links, since = self.env["account.dunning.link"], fields.Date.add(scope.opening, days=1)
        use = links._count_use(scope.creditors, since, scope.as_of)
        if not use["links"]:
            return []
        label = self.env._("Requests of customers")
        return [
            self._prepare_tile(
                "page",
                self.env._("Pages of the customers opened"),
                self._percent(100 * use["opened"] / use["links"]),
                note=self.env._(
                    "%(opened)s of %(links)s links opened, %(asked)s requests, %(paid)s payments "
                    "online, %(period)s",
                    period=self._get_period_label(),
                    **use,
                ),
                help=self.env._(
                    "Of the links that left with messages in the period, those that were opened; "
                    "what customers sent by their page, and what they paid online from it. Of all "
                    "customers, whatever the filters."
                ),
                action=self._get_model_action(
                    scope,
                    "action_account_dunning_request",
                    label,
                    scope.between("made_at", scope.opening),
                    {"group_by": ["kind"]},
                ),
            )
        ]

    @api.model
    def _get_activation_tile(self, scope, situation):
        active, late, rate = situation.activation
        action = self._get_items_action(scope, self.env._("Overdue"), scope.late_domain())
        return self._prepare_tile(
            "activation",
            self.env._("Rate of activation"),
            self._percent(rate),
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
    def _get_first_tile(self, scope, situation):
        label = self.env._("First reminder after")
        return self._prepare_tile(
            "first",
            label,
            self._days(situation.days_to_first_reminder),
            note=self._get_period_label(),
            help=self.env._(
                "Mean number of days between the due date of an item and the first reminder that "
                "claims it; courtesy messages do not count."
            ),
            action=self._get_model_action(
                scope,
                NOTICES,
                label,
                [
                    ("state", "=", "sent"),
                    ("has_left", "=", True),
                    ("kind", "!=", "courtesy"),
                    *scope.between("date", scope.opening),
                ],
            ),
        )

    @api.model
    def _get_contact_tile(self, scope, situation):
        reached, made, rate = situation.contact
        label = self.env._("Calls made")
        return self._prepare_tile(
            "contact",
            self.env._("Reached by phone"),
            self._percent(rate),
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
                [("state", "=", "done"), *scope.between("done_on", scope.opening)],
                {"group_by": ["outcome"]},
            ),
        )

    @api.model
    def _get_dispute_tile(self, scope, situation):
        label = self.env._("Disputes")
        return self._prepare_tile(
            "disputes",
            self.env._("Days to solve a dispute"),
            self._days(situation.days_to_solve),
            note=self.env._(
                "disputed: %(amount)s, %(rate)s of the sales, over twelve months",
                amount=self._money(scope, situation.disputed),
                rate=self._percent(situation.dispute_rate(scope.year_ago)),
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
                    *("&", *scope.between("date_open", scope.year_ago)),
                    *("&", *scope.between("closed_on", scope.year_ago)),
                ],
                {"group_by": ["reason"]},
            ),
        )

    @api.model
    def _get_cost_tile(self, scope, situation):
        """Return what one euro paid late cost; without any price or fee it says where to enter."""
        work = situation.work_cost
        fees = situation.fees(self._get_rate(scope, self.env["res.currency"]._get_dunning_euro()))
        cost = situation.cost_per_euro(work + fees)
        return self._prepare_tile(
            "cost",
            self.env._("Cost per euro recovered"),
            "–" if cost is None else self._money(scope, cost, exact=True),
            note=self._describe_costs(scope, situation, work, fees),
            help=self.env._(
                "Letters, registered letters and calls at the prices of the settings, and the "
                "costs entered on the court files ÷ what was paid after its due date. Agencies: "
                "their commission ÷ what they received, by the months that they gave."
            ),
            action=self._get_model_action(
                scope,
                NOTICES,
                self.env._("Letters and calls"),
                [
                    ("state", "=", "sent"),
                    *scope.between("date", scope.paid_since),
                    "|",
                    "|",
                    ("send_letter", "=", True),
                    ("send_registered", "=", True),
                    ("make_call", "=", True),
                ],
            ),
        )

    @api.model
    def _describe_costs(self, scope, situation, work, fees):
        """Return what was spent, and beside it what agencies cost, where they received anything."""
        own = (
            self.env._(
                "%(work)s of post and calls, %(fees)s of fees, over %(months)s months",
                work=self._money(scope, work),
                fees=self._money(scope, fees),
                months=PAID_MONTHS,
            )
            if work + fees
            else self.env._("Enter what a letter and a call cost in the settings")
        )
        beside = situation.agency_cost_per_euro
        told = beside is not None and self.env._(
            "Agencies: %s per euro received", self._money(scope, beside, exact=True)
        )
        return ". ".join(filter(None, [own, told]))

    # -- The lists behind the tiles ----------------------------------------------------------------

    @api.model
    def _get_payments_action(self, scope, since=None):
        """Return the action that lists the money received from customers since a day."""
        return self._get_lines_action(
            self.env._("Payments received"),
            [
                *LEDGER,
                ("journal_id.type", "in", MONEY_JOURNALS),
                ("credit", ">", 0),
                *scope.between("date", since or scope.paid_since),
                ("company_id", "in", scope.companies.ids),
                *scope.ledger_domain(),
            ],
            "date:month",
        )

    @api.model
    def _get_accounts_action(self, scope, name, section, since=None):
        """Return the action that lists the journal items of the accounts of bad debts.

        :param str section: ``losses``, ``doubtful`` or ``provision``
        :param date since: only what is dated after it
        """
        domain = [
            ("account_id", "in", scope.bad_debt_ids[section]),
            ("parent_state", "=", "posted"),
            ("date", "<=", fields.Date.to_string(scope.as_of)),
            ("company_id", "in", scope.companies.ids),
            *scope.ledger_domain(),
        ]
        if since:
            domain.append(("date", ">", fields.Date.to_string(since)))
        return self._get_lines_action(name, domain)

    # -- The other sections: rows of texts, bars and actions ---------------------------------------

    @api.model
    def _get_task_rows(self, scope):
        """Return the work that waits today; it is that of today whatever the as-of day."""
        return [
            {
                "key": task.key,
                "label": task.label,
                "count": task.count,
                "value": "" if task.amount is None else self._money(scope, task.amount),
                "tone": "danger" if task.warning else "",
                "action": task.action,
            }
            for task in self.env["account.dunning.today"]._get_tasks(scope.creditors)
        ]

    @api.model
    def _get_holds(self, scope, situation):
        """Return what is not chased on the day, by reason."""
        rows = situation.held
        reasons = self.env["account.dunning.hold"]._fields["reason"]
        as_of = fields.Date.to_string(scope.as_of)
        current = [
            ("date_from", "<=", as_of),
            "|",
            ("date_until", "=", False),
            ("date_until", ">=", as_of),
            "|",
            ("released_on", "=", False),
            ("released_on", ">", as_of),
        ]
        return [
            {
                "key": reason,
                "label": label,
                "count": rows[reason].count,
                "value": self._money(scope, rows[reason].amount),
                "percent": self._percent(situation.share(rows[reason].amount)),
                "action": self._get_model_action(
                    scope,
                    "action_account_dunning_hold",
                    label,
                    [("reason", "=", reason), *current],
                ),
            }
            for reason, label in reasons._description_selection(self.env)
            if reason in rows
        ]

    @api.model
    def _get_penalties(self, scope):
        """Return the penalties owed, claimed, received and waived; empty where there is none.

        What is owed is computed on the day; what was waived is that of today: only the books keep
        their days.
        """
        penalties = self._read_penalties(scope)
        if not (penalties.owed or penalties.claimed):
            return []
        posted = [("line_ids.parent_state", "=", "posted")]
        domains = {
            "claimed": posted,
            "received": posted,
            "waived": [("waive_reason", "!=", False)],
        }
        labels = {
            "owed": self.env._("Owed by law"),
            "claimed": self.env._("Claimed (posted)"),
            "received": self.env._("Received in payment"),
            "waived": self.env._("Waived penalties"),
        }
        return [
            {
                "key": key,
                "label": label,
                "value": self._money(scope, getattr(penalties, key)),
                "exact": self._money(scope, getattr(penalties, key), exact=True),
                "action": self._get_model_action(
                    scope, "action_account_dunning_penalty", label, domains[key]
                )
                if key in domains
                else self._get_items_action(scope, label, scope.late_domain()),
            }
            for key, label in labels.items()
        ]

    @api.model
    def _read_penalties(self, scope):
        """Return the ``Penalties``; the indemnities are in euros, the interest in any currency."""
        waived = ZERO
        currencies = self.env["res.currency"]
        euro_rate = self._get_rate(scope, currencies._get_dunning_euro())
        for currency_id, *sums in self.env.execute_query(results.penalties_waived(scope)):
            interest, indemnity = map(to_decimal, sums)
            waived += interest * self._get_rate(scope, currencies.browse(currency_id))
            waived += indemnity * euro_rate
        [(claimed, received)] = self.env.execute_query(results.penalties_claimed(scope))
        owed = self._read_owed_by_law(scope, euro_rate)
        return Penalties(owed, to_decimal(claimed), to_decimal(received), waived)

    @api.model
    def _read_owed_by_law(self, scope, euro_rate):
        """Return what the items owe on the day in interest and indemnity, from the books.

        Whatever was computed, and when: of all that is overdue on the day, and of what bears
        penalties although it was paid since.

        :param Decimal euro_rate: of the euro in the currency of the page
        """
        penalties = self.env["account.dunning.penalty"].sudo()
        bearing = suspended = self.env["account.move.line"].sudo()
        for creditor in scope.creditors:
            bearing |= penalties._get_items(creditor)
            suspended |= penalties._get_suspended_items(creditor)
        rows = self.env.execute_query(
            owed_late(scope, self._get_open_items(scope), bearing.ids, suspended.ids)
        )
        owed = ZERO
        for some in penalties._split_items(bearing.browse([row[0] for row in rows])):
            accrued = self.env["account.dunning.accrual"].sudo()._compute_items(some, scope.as_of)
            for currency, of_currency in some.grouped("currency_id").items():
                interest = sum((accrued[item.id].interest for item in of_currency), ZERO)
                owed += interest * self._get_rate(scope, currency)
            owed += sum((accrued[item.id].indemnity for item in some), ZERO) * euro_rate
        return owed

    @api.model
    def _read_steps(self, scope):
        """Return what each kind of message brought in: list of ``Step``."""
        return [
            Step(
                level_id,
                dict(zip(CHANNELS, channels, strict=True)),
                to_decimal(claimed),
                to_decimal(collected),
                count,
            )
            for level_id, *channels, claimed, collected, count in self.env.execute_query(
                results.steps(scope)
            )
        ]

    @api.model
    def _get_cases(self, scope, situation):
        """Return the open court files, one row a stage, with what is left of their items today.

        Only the books keep their days: on a past day too, the stages are those of today.
        """
        rows = situation.cases
        stages = self.env["account.dunning.case"]._fields["state"]
        return [
            {
                "key": f"case_{state}",
                "label": label,
                "count": rows[state].count,
                "value": self._money(scope, rows[state].amount),
                "exact": self._money(scope, rows[state].amount, exact=True),
                "action": self._get_model_action(
                    scope, "action_account_dunning_case", label, [("state", "=", state)]
                ),
            }
            for state, label in stages._description_selection(self.env)
            if state in rows
        ]

    @api.model
    def _get_registered(self, scope):
        """Return the registered letters posted in the last twelve months, by outcome."""
        letters = self.env["account.dunning.registered"].sudo()
        posted = scope.between("posted_on", scope.year_ago)
        domain = [
            ("company_id", "in", scope.creditors.ids),
            *posted,
            *scope.partner_domain("partner_id."),
        ]
        counts = dict(letters._read_group(domain, ["state"], ["__count"]))
        return [
            {
                "key": f"registered_{state}",
                "label": label,
                "count": counts[state],
                "value": "",
                "action": self._get_model_action(
                    scope,
                    "action_account_dunning_registered",
                    label,
                    [("state", "=", state), *posted],
                ),
            }
            for state, label in letters._fields["state"]._description_selection(self.env)
            if state in counts
        ]

    @api.model
    def _get_steps(self, scope):
        """Return what each kind of message brought in, by level and channels."""
        levels = self.env["account.dunning.level"].sudo()
        return [
            self._prepare_step(scope, f"step_{rank}", levels.browse(step.level_id), step)
            for rank, step in enumerate(self._read_steps(scope))
        ]

    @api.model
    def _prepare_step(self, scope, key, level, step):
        return {
            "key": key,
            "label": level.name,
            "channels": level._get_channel_names(step.channels),
            "count": step.count,
            "claimed": self._money(scope, step.claimed),
            "collected": self._money(scope, step.collected),
            "percent": self._percent(step.rate),
            "width": self._width(step.rate or ZERO, Decimal(100)),
            "action": self._get_model_action(
                scope,
                "action_account_dunning_notice",
                level.name,
                [
                    ("level_id", "=", level.id),
                    ("state", "=", "sent"),
                    ("has_left", "=", True),
                    ("date", ">", fields.Date.to_string(scope.year_ago)),
                    ("date", "<=", fields.Date.to_string(scope.judged)),
                    *((channel, "=", bool(value)) for channel, value in step.channels.items()),
                ],
            ),
        }

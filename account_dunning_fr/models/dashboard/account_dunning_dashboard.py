from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ...core.checks import FIRST_YEAR, LAST_YEAR
from ...core.delays import AGES
from ...core.limitation import PERIODS, latest_start
from ...core.money import ZERO
from ..common.due import RECEIVABLE_ITEMS
from ..common.ledger_query import over_the_ledger
from ..party.res_partner import REGIMES
from ..policy.res_partner import PROFILES
from .query import results
from .query import situation as situation_query
from .query.filters import PROFILE_BY_REGIME

PERIOD_MONTHS = 3  # of the recovery rate and of the effectiveness
PAID_MONTHS = 6  # of the delays: longer ago, customers had other habits
LIMIT_MONTHS = 6  # what is time-barred within this time is shown
SALES_MONTHS = 12  # as far back as the count-back looks, beside the present month
# Of the French chart of accounts.
BAD_DEBTS = {"loss": "654", "doubtful": "416", "provision": "491"}

# Money given back to a customer: in the balance of his account, and never late.
PAID_OUT = ("move_id.origin_payment_id.payment_type", "=", "outbound")


class AccountDunningDashboard(models.AbstractModel):
    """The dashboard: ``get_data`` answers the whole page in one call, formatted and translated.

    How it works: a few set-based queries sum the books (``query/``), the core computes, and each
    figure is given with the window action of the list behind it. The page computes nothing. Rights:
    an accounting group, and the companies of the user.
    """

    _name = "account.dunning.dashboard"
    _description = "Dunning Dashboard"

    @api.model
    @api.readonly
    def get_data(self, filters=None):
        """Return everything that the dashboard shows.

        :param dict filters: ``as_of`` (ISO date, today by default, never later), ``company_ids``,
            ``salesperson_id``, ``collector_id``, ``currency_id``, ``regime`` (``none``: to be
            confirmed), ``profile`` (``none``: without one); what is absent or unknown filters
            nothing
        :return: dict of texts, numbers already formatted, and actions
        :raise AccessError: unless the user has an accounting group
        """
        self._check_rights()
        scope = self._get_scope(filters or {})
        return {
            "as_of": fields.Date.to_string(scope["as_of"]),
            "as_of_label": format_date(self.env, scope["as_of"]),
            "today": fields.Date.to_string(fields.Date.context_today(self)),
            "is_today": scope["is_today"],
            "filters": self._get_filters(scope),
            "tasks": self._get_task_rows(scope),
            **self._get_figures(scope),
        }

    @api.model
    def _get_report_sections(self, filters):
        """Return the figures of a day as the monthly report prints them.

        :param dict filters: as ``get_data`` takes them
        :raise AccessError: unless the user has an accounting group
        """
        self._check_rights()
        return self._get_figures(self._get_scope(filters))

    @api.model
    def _get_figures(self, scope):
        sums = self._get_sums(scope)
        return {
            "control": self._get_control(scope, sums),
            "tiles": self._get_tiles(scope, sums),
            "ages": self._get_ages(scope, sums),
            "customers": self._get_customers(scope, sums),
            "holds": self._get_holds(scope, sums),
            "penalties": self._get_penalties(scope),
            "cases": self._get_cases(scope),
            "registered": self._get_registered(scope),
            "steps": self._get_steps(scope),
            "forecast": self._get_forecast(scope, sums),
        }

    @api.model
    def _check_rights(self):
        """:raise AccessError: unless the user may see the accounts"""
        if not self.env.user.has_groups(
            "account.group_account_invoice,account.group_account_readonly"
        ):
            raise AccessError(self.env._("Only accounting users see the dunning dashboard."))

    # -- What is looked at -----------------------------------------------------------------------

    @api.model
    def _get_scope(self, filters):
        """Return what bounds the queries; only companies that the user has chosen are read."""
        today = fields.Date.context_today(self)
        as_of = min(self._get_day(filters.get("as_of")) or today, today)
        chosen = {self._get_id(value) for value in filters.get("company_ids") or ()}
        companies = self.env.companies.filtered(lambda company: company.id in chosen)
        companies = companies or self.env.companies
        creditors = companies.dunning_creditor_id
        currency = self.env.company.currency_id
        first = as_of.replace(day=1)
        return {
            "as_of": as_of,
            "is_today": as_of == today,
            "companies": companies,
            "company_ids": tuple(companies.ids),
            "creditors": creditors,
            "creditor_ids": tuple(creditors.ids) or (0,),
            # Where branches alone are looked at: what the creditor did, for their customers only.
            "branch_ids": tuple(companies.ids) if creditors - companies else (),
            "currency": currency,
            "account_ids": tuple(self.env["account.move.line"]._get_dunning_accounts(None).ids)
            or (0,),
            "bad_debt_accounts": {
                name: self._get_coded_ids(companies, code) for name, code in BAD_DEBTS.items()
            },
            "limits": {
                regime: latest_start(as_of + relativedelta(months=LIMIT_MONTHS), regime)
                for regime in PERIODS
            },
            "credit_limit": self._get_usual_credit_limit(companies),
            "money_journal_ids": self._get_ids(
                "account.journal", "type", situation_query.MONEY_JOURNALS
            ),
            "euro_id": self.env["res.currency"]._get_dunning_euro().id,
            "rates": {
                company.id: company.currency_id._get_conversion_rate(
                    company.currency_id, currency, company, as_of
                )
                for company in companies | creditors
            },
            "opening": as_of - relativedelta(months=PERIOD_MONTHS),
            "paid_since": as_of - relativedelta(months=PAID_MONTHS),
            "year_ago": as_of - relativedelta(years=1),
            "sales_since": first - relativedelta(months=SALES_MONTHS) - timedelta(days=1),
            **{
                name: self._get_id(filters.get(name))
                for name in ("salesperson_id", "collector_id", "currency_id")
            },
            "regime": self._get_known(filters.get("regime"), ["none", *dict(REGIMES)]),
            "profile": self._get_known(filters.get("profile"), ["none", *dict(PROFILES)]),
        }

    @api.model
    def _get_ids(self, model, field, values):
        """Return ids for a query: with the numbers, PostgreSQL knows how few rows they select."""
        records = self.env[model].sudo().with_context(active_test=False)
        return tuple(records.search([(field, "in", values)]).ids) or (0,)

    @api.model
    def _get_coded_ids(self, companies, prefix):
        """Return the ids of the accounts whose code begins so in the chart of these companies."""
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        ids = set()
        for root in companies.root_id:
            ids.update(accounts.with_company(root).search([("code", "=like", f"{prefix}%")]).ids)
        return tuple(sorted(ids)) or (0,)

    @api.model
    def _get_usual_credit_limit(self, companies):
        """Return the credit limit of customers without their own; None where none is looked at.

        Limits are granted by company: they are told of one only.
        """
        if len(companies) > 1 or not companies.account_use_credit_limit:
            return None
        partner = self.env["res.partner"].with_company(companies)
        return partner._fields["credit_limit"].get_company_dependent_fallback(partner)

    @api.model
    def _get_sums(self, scope):
        """Return what the books say: ``{section: {key: (amount, count)}}``, in the queries' order.

        :param dict scope: as ``_get_scope`` returns it
        """
        Balance = self.env["account.dunning.balance"]
        self.env.flush_all()
        self._tune()
        situation = situation_query.situation(
            scope,
            Balance._get_open_items_query(scope["companies"], scope["as_of"]),
            self._get_commitments_query(scope),
        )
        with over_the_ledger(self.env.cr):
            rows = self.env.execute_query(situation)
        queries = (
            situation_query.sales(scope),
            results.efforts(scope),
            results.disputes(scope),
            results.bad_debts(scope),
        )
        for query in queries:
            rows += self.env.execute_query(query)
        sums = {}
        for section, key, amount, count in rows:
            sums.setdefault(section, {})[key] = (Decimal(str(amount or 0)), count)
        return sums

    @api.model
    def _tune(self):
        """Tell PostgreSQL, for this transaction, how such queries run best.

        Compiling them costs more than running them; the items fit in memory; and what they look up
        by number is mostly cached.
        """
        for setting in ("jit = off", "work_mem = '64MB'", "random_page_cost = 1.1"):
            self.env.cr.execute(SQL(f"SET LOCAL {setting}"))

    @api.model
    def _get_commitments_query(self, scope):
        """Return the query of what customers committed to: ``(move_line_id, committed_on)``.

        The end of a hold for a promise or a payment plan; a feature that knows better extends it.

        :return: ``SQL``, which may read the CTE ``held``
        """
        return SQL(
            """
            SELECT move_line_id, date_until AS committed_on
              FROM held WHERE reason IN ('promise', 'plan') AND date_until IS NOT NULL
            """
        )

    # -- What a page gives to the dashboard: it comes from a browser, and may be anything ----------

    @api.model
    def _get_day(self, value):
        """Return a day that was asked for, or None.

        :raise UserError: what is no date, or a year that no books reach
        """
        try:
            day = fields.Date.to_date(value or None)
        except (TypeError, ValueError):
            day = False
        if day is False or (day and not FIRST_YEAR < day.year <= LAST_YEAR):
            raise UserError(self.env._("This date is not possible. Check the year."))
        return day

    @api.model
    def _get_id(self, value):
        """Return the id of a record that was chosen; what is none filters nothing."""
        chosen = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
        return value if chosen else 0

    @api.model
    def _get_known(self, value, known):
        return value if value in known else False

    # -- The filters that the page offers ----------------------------------------------------------

    @api.model
    def _get_filters(self, scope):
        """Return the filters: each with its choices and what is chosen."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(DISTINCT user_id) FILTER (WHERE user_id IS NOT NULL),
                       array_agg(DISTINCT dunning_user_id)
                           FILTER (WHERE dunning_user_id IS NOT NULL)
                  FROM res_partner WHERE user_id IS NOT NULL OR dunning_user_id IS NOT NULL
                """
            )
        )
        salespeople, collectors = (set(ids or ()) for ids in rows[0])
        currencies = self.env["res.currency"].search([("active", "=", True)])
        regimes, profiles = (
            self.env["res.partner"]._fields[name]._description_selection(self.env)
            for name in ("dunning_regime", "dunning_profile")
        )
        unconfirmed, without = self.env._("To confirm"), self.env._("Without")
        result = []
        if len(self.env.companies) > 1:
            chosen = scope["companies"]
            result.append(
                self._prepare_filter(
                    "company_ids",
                    self.env._("Company"),
                    [(company.id, company.name) for company in self.env.companies],
                    chosen.id if len(chosen) == 1 else False,
                )
            )
        for name, label, choices in (
            ("salesperson_id", self.env._("Salesperson"), self._get_user_choices(salespeople)),
            (
                "collector_id",
                self.env._("Collector"),
                self._get_user_choices(collectors | salespeople),
            ),
            ("regime", self.env._("Legal regime"), [*regimes, ("none", unconfirmed)]),
            ("profile", self.env._("Profile"), [*profiles, ("none", without)]),
            ("currency_id", self.env._("Currency"), [(c.id, c.name) for c in currencies]),
        ):
            if len(choices) > 1 or scope[name]:
                result.append(self._prepare_filter(name, label, choices, scope[name]))
        return result

    @api.model
    def _get_user_choices(self, user_ids):
        users = self.env["res.users"].sudo().browse(sorted(user_ids)).exists()
        return sorted(((user.id, user.name) for user in users), key=lambda choice: choice[1])

    @api.model
    def _prepare_filter(self, name, label, choices, chosen):
        return {
            "name": name,
            "label": label,
            "chosen": chosen,
            "choices": [{"value": value, "label": text} for value, text in choices],
        }

    @api.model
    def _is_filtered(self, scope):
        """Tell whether only a part of the customers or of the currencies is shown."""
        return any(
            scope[name]
            for name in ("salesperson_id", "collector_id", "currency_id", "regime", "profile")
        )

    # -- The control line: the total shown is the balance of the receivable accounts ---------------

    @api.model
    def _get_control(self, scope, sums):
        """Return the line that ties the dashboard to the books, with the list of any difference.

        The total of the open items is that of the whole company, whatever the filters.
        """
        kept = self._get_total(sums, "kept")
        shown = kept + self._get_total(sums, "left_out")
        ledger = self._get_ledger_total(scope)
        filtered = self._is_filtered(scope) and self._money(scope, kept, exact=True)
        return {
            **self._get_tie(scope, shown, ledger),
            **self._get_orphans(scope, sums),
            "filtered": filtered,
            "filtered_text": filtered and self.env._("Kept by the filters: %s", filtered),
            "action": self._get_ledger_action(scope),
        }

    @api.model
    def _get_ledger_total(self, scope):
        """Return the balance of the receivable accounts on the day."""
        Balance = self.env["account.dunning.balance"]
        return sum(
            (
                Decimal(str(Balance._get_ledger_balance(company, scope["as_of"])))
                * Decimal(str(scope["rates"][company.id]))
                for company in scope["companies"]
            ),
            ZERO,
        )

    @api.model
    def _get_tie(self, scope, shown, ledger):
        """Return both totals, and the sentence that says whether they agree."""
        values = {
            "day": format_date(self.env, scope["as_of"]),
            "shown": self._money(scope, shown, exact=True),
            "ledger": self._money(scope, ledger, exact=True),
            "difference": self._money(scope, shown - ledger, exact=True),
        }
        agrees = scope["currency"].is_zero(float(shown - ledger))
        text = (
            self.env._(
                "On %(day)s: open items %(shown)s, receivable accounts %(ledger)s – they agree to "
                "the cent.",
                **values,
            )
            if agrees
            else self.env._(
                "On %(day)s: open items %(shown)s, receivable accounts %(ledger)s – difference "
                "%(difference)s: compare the two lists.",
                **values,
            )
        )
        return {**values, "agrees": agrees, "text": text}

    @api.model
    def _get_orphans(self, scope, sums):
        """Return how many open items have no customer, and their list."""
        count = self._get_count(sums, "orphan")
        if not count:
            return {"orphans": 0, "orphans_action": 0}
        return {
            "orphans": self.env._("%(count)s items without a customer", count=count),
            "orphans_action": {
                **self._get_items_action(scope, self.env._("Items without a customer")),
                "domain": [
                    ("dunning_open_on", "=", fields.Date.to_string(scope["as_of"])),
                    ("company_id", "in", scope["companies"].ids),
                    ("partner_id", "=", False),
                ],
            },
        }

    @api.model
    def _get_ledger_action(self, scope):
        """Return the action that lists the journal items of the receivable accounts to the day."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receivable accounts"),
            "res_model": "account.move.line",
            "views": [[False, "list"], [False, "pivot"]],
            "domain": [
                *RECEIVABLE_ITEMS,
                ("parent_state", "=", "posted"),
                ("date", "<=", fields.Date.to_string(scope["as_of"])),
                ("company_id", "in", scope["companies"].ids),
            ],
            "context": {"group_by": ["account_id"]},
        }

    # -- The lists behind the figures, as window actions -------------------------------------------

    @api.model
    def _get_items_action(self, scope, name, domain=()):
        """Return the action that lists the items open on the day, filtered as the dashboard is.

        :param str name: title of the list
        :param list domain: further conditions on ``account.move.line``
        """
        as_of = fields.Date.to_string(scope["as_of"])
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [
                [self.env.ref("account_dunning_fr.view_move_line_open_items_list").id, "list"],
            ],
            "search_view_id": [
                self.env.ref("account_dunning_fr.view_move_line_open_items_search").id,
                "search",
            ],
            "domain": [
                ("dunning_open_on", "=", as_of),
                ("company_id", "in", scope["companies"].ids),
                *self._get_partner_domain(scope, "partner_id.commercial_partner_id."),
                *self._get_currency_domain(scope),
                *domain,
            ],
            "context": {"dunning_as_of": as_of},
        }

    @api.model
    def _get_partner_domain(self, scope, path):
        """Return the filters on customers as a domain.

        :param str path: how to reach the commercial partner, with its dot
        """
        domain = []
        if user_id := scope["salesperson_id"]:
            domain.append((f"{path}user_id", "=", user_id))
        if user_id := scope["collector_id"]:
            domain += [
                "|",
                (f"{path}dunning_user_id", "=", user_id),
                "&",
                (f"{path}dunning_user_id", "=", False),
                (f"{path}user_id", "=", user_id),
            ]
        if regime := scope["regime"]:
            domain.append((f"{path}dunning_regime", "=", regime != "none" and regime))
        if profile := scope["profile"]:
            domain += self._get_profile_domain(profile, path)
        return domain

    @api.model
    def _get_profile_domain(self, profile, path):
        """Return the customers of a profile, set or following from their regime, as a domain."""
        unset = (f"{path}dunning_profile", "=", False)
        regime = f"{path}dunning_regime"
        if profile == "none":
            return [unset, "|", (regime, "=", False), (regime, "not in", list(PROFILE_BY_REGIME))]
        following = [key for key, value in PROFILE_BY_REGIME.items() if value == profile]
        chosen = (f"{path}dunning_profile", "=", profile)
        return ["|", chosen, "&", unset, (regime, "in", following)]

    @api.model
    def _get_currency_domain(self, scope):
        return [("currency_id", "=", scope["currency_id"])] if scope["currency_id"] else []

    @api.model
    def _get_age_domain(self, scope, age):
        """Return the items of one age of the aged balance as a domain.

        :param int age: place of the age, 0 for what is not due
        """
        as_of = scope["as_of"]
        domain = []
        if age:
            newest = as_of - timedelta(days=AGES[age - 1] + 1)
            domain.append(("dunning_due", "<=", fields.Date.to_string(newest)))
        if age < len(AGES):
            oldest = as_of - timedelta(days=AGES[age])
            domain.append(("dunning_due", ">=", fields.Date.to_string(oldest)))
        return ["!", PAID_OUT, *domain] if age else ["|", PAID_OUT, *domain]

    @api.model
    def _get_late_domain(self, scope, days=0):
        """Return the items late by more than so many days as a domain."""
        last = scope["as_of"] - timedelta(days=days)
        return [("dunning_due", "<", fields.Date.to_string(last)), "!", PAID_OUT]

    @api.model
    def _get_notices_action(self, scope, name, domain):
        """Return the action that lists reminders, those of the filtered customers only."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_notice"
        )
        return {
            **action,
            "name": name,
            "domain": [
                ("company_id", "in", scope["creditors"].ids),
                *self._get_partner_domain(scope, "partner_id."),
                *domain,
            ],
            "context": {},
        }

    @api.model
    def _get_model_action(self, scope, xmlid, name, domain=(), context=None):
        """Return the action of another list of the addon, on the filtered customers only."""
        action = self.env["ir.actions.act_window"]._for_xml_id(f"account_dunning_fr.{xmlid}")
        return {
            **action,
            "name": name,
            "domain": [
                ("company_id", "in", scope["creditors"].ids),
                *self._get_partner_domain(scope, "partner_id."),
                *domain,
            ],
            "context": context or {},
        }

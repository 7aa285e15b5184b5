from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date

from ...core.limitation import PERIODS, latest_start
from ..common.ledger_query import over_the_ledger
from ..party.res_partner import REGIMES
from ..policy.res_partner import PROFILES
from . import account_dunning_dashboard_efforts_query as efforts
from . import account_dunning_dashboard_query as figures

PERIOD_MONTHS = 3  # of the recovery rate and of the effectiveness
PAID_MONTHS = 6  # of the delays: longer ago, customers had other habits
LIMIT_MONTHS = 6  # what is time-barred within this time is shown
SALES_MONTHS = 12  # as far back as the count-back looks, beside the present month
# Of the French chart of accounts.
BAD_DEBTS = {"loss": "654", "doubtful": "416", "provision": "491"}


class AccountDunningDashboard(models.AbstractModel):
    """The dashboard: ``get_data`` answers the whole page in one call, formatted and translated.

    How it works: a few set-based queries sum the books (``account_dunning_dashboard_query``), the
    core computes, and each figure is given with the window action of the list behind it. The page
    computes nothing. Rights: an accounting group, and the companies of the user.
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
            "money_journal_ids": self._get_ids("account.journal", "type", figures.MONEY_JOURNALS),
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
        situation = figures.situation(
            scope,
            Balance._get_open_items_query(scope["companies"], scope["as_of"]),
            self._get_commitments_query(scope),
        )
        with over_the_ledger(self.env.cr):
            rows = self.env.execute_query(situation)
        queries = (
            figures.sales(scope),
            efforts.efforts(scope),
            efforts.disputes(scope),
            efforts.bad_debts(scope),
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

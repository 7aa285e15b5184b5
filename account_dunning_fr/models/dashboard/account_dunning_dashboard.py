from decimal import Decimal
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date, formatLang

from ...core.checks import FIRST_YEAR, LAST_YEAR
from ...core.delays import AGES
from ...core.money import ZERO
from ...core.ratios import LARGEST
from ..common.creditors_day import creditors_day
from ..common.due import MONEY_JOURNALS
from ..common.ledger_query import over_the_ledger
from ..party.res_partner import REGIMES
from ..policy.res_partner import PROFILES
from . import control_line, key_figures
from .query import items, results
from .scope import LEDGER, UNSET, Scope
from .situation import Situation

# Accounts of the French chart of accounts.
BAD_DEBTS = {"losses": "654", "doubtful": "416", "provision": "491"}
# Colours of the columns of the aged balance.
TONES = ("muted", "success", "info", "warning", "warning", "danger", "danger")
# Parts requested after the page itself; from ``more`` on, once it is unfolded.
PARTS = ("customers", "curves", "forecast", "acts", "more", "tasks", "penalties")
NOTICES = "action_account_dunning_notice"


class AccountDunningDashboard(models.AbstractModel):
    """The dashboard: ``get_data`` returns the page in one call, formatted and translated.

    How it works: the user's filters become a ``Scope``; set-based queries (``query/``) sum the
    books into a ``Situation``, which computes; ``key_figures`` formats each figure, with the window
    action of the list behind it. The other parts (``PARTS``) are requested one by one: curves and
    forecast (``account.dunning.outlook``), and the folded parts, in another file of this model. The
    page computes nothing. Access: an accounting group, and the companies of the user.
    """

    _name = "account.dunning.dashboard"
    _description = "Dunning Dashboard"

    @api.model
    @api.readonly
    def get_data(self, filters=None):
        """Return what the dashboard shows first: its eight figures and the aged balance.

        :param dict filters: ``as_of`` (ISO date, today by default, never later), ``company_ids``,
            ``salesperson_id``, ``collector_id``, ``currency_id``, ``regime`` (``none``: to be
            confirmed), ``profile`` (``none``: without one); missing or unknown values filter
            nothing
        :return: dict of texts, formatted numbers, and actions
        :raise AccessError: unless the user has an accounting group
        """
        self._check_rights()
        scope = self._get_scope(filters or {})
        situation = self._read_situation(scope, "page")
        return {
            "as_of": fields.Date.to_string(scope.as_of),
            "as_of_label": format_date(self.env, scope.as_of),
            "today": fields.Date.to_string(scope.today),
            "is_today": scope.is_today,
            "filters": self._get_filters(scope),
            "control": control_line.make(self, scope, situation),
            "figures": key_figures.make(self, scope, situation),
            "ages": self._get_ages(scope, situation),
        }

    @api.model
    @api.readonly
    def get_part(self, name, filters=None):
        """Return a part of the page that is requested once its figures are shown, or unfolded.

        :param str name: one of ``PARTS``
        :param dict filters: as in ``get_data``
        :return: dict of one or more sections of the page
        :raise AccessError: unless the user has an accounting group
        :raise UserError: if there is no such part
        """
        self._check_rights()
        if name not in PARTS:
            raise UserError(self.env._("The dashboard has no such part."))
        return self._get_part(name, self._get_scope(filters or {}))

    @api.model
    def _get_part(self, name, scope):
        outlook = self.env["account.dunning.outlook"]
        if name == "customers":
            rows = self._get_customers(scope, self._read_situation(scope, "top"))
            return {"customers": rows[:LARGEST]}
        if name == "curves":
            return {"curves": outlook._get_curves(scope)}
        if name == "forecast":
            return {"forecast": outlook._get_forecast(scope)}
        if name == "acts":
            return {"steps": self._get_steps(scope)}
        if name == "tasks":
            return {"tasks": self._get_task_rows(scope)}
        if name == "penalties":
            return {"penalties": self._get_penalties(scope)}
        return self._get_more(scope)

    @api.model
    def _check_rights(self):
        """:raise AccessError: unless the user may see the accounts"""
        if not self.env.user.has_groups(
            "account.group_account_invoice,account.group_account_readonly"
        ):
            raise AccessError(self.env._("Only accounting users see the dunning dashboard."))

    # -- What is looked at -------------------------------------------------------------------------

    @api.model
    def _get_scope(self, filters):
        """Return the bounds of the queries; only companies that the user has selected are read.

        :param dict filters: as in ``get_data``
        :return: ``Scope``
        """
        today = creditors_day(self)
        as_of = min(self._get_day(filters.get("as_of")) or today, today)
        chosen = {self._get_id(value) for value in filters.get("company_ids") or ()}
        companies = self.env.companies.filtered(lambda company: company.id in chosen)
        companies = companies or self.env.companies
        return Scope(
            as_of=as_of,
            today=today,
            companies=companies,
            **self._prepare_books(companies, as_of),
            **{
                name: self._get_id(filters.get(name))
                for name in ("salesperson_id", "collector_id", "currency_id")
            },
            regime=self._get_known(filters.get("regime"), [UNSET, *dict(REGIMES)]),
            profile=self._get_known(filters.get("profile"), [UNSET, *dict(PROFILES)]),
        )

    @api.model
    def _prepare_books(self, companies, as_of):
        """Return the values of a scope that describe the books of its companies, by name."""
        creditors = companies.dunning_creditor_id
        currency = self.env.company.currency_id
        Line = self.env["account.move.line"]
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return {
            "creditors": creditors,
            "currency": currency,
            # As ids: with them, PostgreSQL knows how few rows they select.
            "account_ids": tuple(Line._get_dunning_accounts(None).ids) or (0,),
            "money_journal_ids": tuple(journals.search([("type", "in", MONEY_JOURNALS)]).ids)
            or (0,),
            "bad_debt_ids": {
                name: tuple(sorted(Line._get_dunning_coded_accounts(companies, code).ids)) or (0,)
                for name, code in BAD_DEBTS.items()
            },
            "credit_limit": self._get_usual_credit_limit(companies),
            "rates": {
                company.id: company.currency_id._get_conversion_rate(
                    company.currency_id, currency, company, as_of
                )
                for company in companies | creditors
            },
        }

    @api.model
    def _get_usual_credit_limit(self, companies):
        """Return the credit limit of customers without their own; None if limits are not shown.

        Limits are granted per company, so they are only shown for a single company.
        """
        if len(companies) > 1 or not companies.account_use_credit_limit:
            return None
        partner = self.env["res.partner"].with_company(companies)
        return partner._fields["credit_limit"].get_company_dependent_fallback(partner)

    @api.model
    def _get_rate(self, scope, currency):
        """Return the rate from a currency to that of the page, on the day, as a ``Decimal``."""
        rate = currency._get_conversion_rate(
            currency, scope.currency, scope.companies[:1], scope.as_of
        )
        return Decimal(str(rate))

    # -- What a page gives to the dashboard: it comes from a browser, and may be anything ----------

    @api.model
    def _get_day(self, value):
        """Return the requested day, or None.

        :raise UserError: if it is no date, or if its year is out of range
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
        """Return the id of the chosen record; 0, which filters nothing, if it is not an id."""
        chosen = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
        return value if chosen else 0

    @api.model
    def _get_known(self, value, known):
        return value if value in known else False

    # -- What the books say ------------------------------------------------------------------------

    @api.model
    def _read_situation(self, scope, part):
        """Return the sums of the books: ``Situation``.

        :param str part: ``page``, ``top`` (customers), ``expected`` (receipts), or ``all`` for the
            others
        """
        open_items = self._get_open_items(scope)
        rows = []
        if part == "page":
            latest = SQL("line.date > %s", scope.lately)
            rows += self.env.execute_query(items.page(scope, open_items))
            rows += self.env.execute_query(results.sales(scope))
            rows += self.env.execute_query(results.received(scope, latest, scope.before_lately))
        elif part == "top":
            rows += self.env.execute_query(items.top(scope, open_items))
        else:
            with over_the_ledger(self.env.cr):
                rows += self.env.execute_query(items.situation(scope, open_items, part))
        if part == "all":
            for query in results.sums(scope):
                rows += self.env.execute_query(query)
        return Situation.from_rows(rows)

    @api.model
    def _get_open_items(self, scope, day=None):
        """Return the query of the items open on a day, by default the day of the page."""
        self.env.flush_all()
        self._tune()
        balance = self.env["account.dunning.balance"]
        return balance._get_open_items_query(scope.companies, day or scope.as_of)

    @api.model
    def _tune(self):
        """Set PostgreSQL, for this transaction, to what suits such queries best.

        Compiling them costs more than running them; the items fit in memory; and the rows looked up
        by id are mostly cached.
        """
        for setting in ("jit = off", "work_mem = '64MB'", "random_page_cost = 1.1"):
            self.env.cr.execute(SQL(f"SET LOCAL {setting}"))

    # -- How amounts, rates and days are written ---------------------------------------------------

    @api.model
    def _money(self, scope, amount, exact=False):
        """Return an amount in the dashboard's currency, to the unit, or to the cent if exact."""
        unit = "decimals" if exact else "units"
        return formatLang(
            self.env,
            float(amount),
            currency_obj=scope.currency,
            rounding_method="HALF-UP",
            rounding_unit=unit,
        )

    @api.model
    def _number(self, value, unit):
        """Return a number with one decimal and its unit; a dash if there is nothing to measure."""
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

    # -- The lists behind the figures, as window actions -------------------------------------------

    @api.model
    def _get_items_action(self, scope, name, domain=()):
        """Return the action that lists the items open on the day, filtered like the dashboard.

        :param str name: title of the list
        :param list domain: further conditions on ``account.move.line``
        """
        as_of = fields.Date.to_string(scope.as_of)
        get_id = self.env["ir.model.data"]._xmlid_to_res_id  # kept in memory: a page has many lists
        views = {
            kind: get_id(f"account_dunning_fr.view_move_line_open_items_{kind}", True)
            for kind in ("list", "search")
        }
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [[views["list"], "list"]],
            "search_view_id": [views["search"], "search"],
            "domain": [
                ("dunning_open_on", "=", as_of),
                ("company_id", "in", scope.companies.ids),
                *scope.ledger_domain(),
                *domain,
            ],
            "context": {"dunning_as_of": as_of},
        }

    @api.model
    def _get_lines_action(self, name, domain, group_by=None):
        """Return the action that lists journal items.

        :param str group_by: what the list is grouped by; None: not grouped
        """
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [[False, "list"], [False, "pivot"]],
            "domain": domain,
            "context": {"group_by": [group_by]} if group_by else {},
        }

    @api.model
    def _get_model_action(self, scope, xmlid, name, domain=(), context=None):
        """Return the action of another list of the addon, limited to the filtered customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(f"account_dunning_fr.{xmlid}")
        return {
            **action,
            "name": name,
            "display_name": name,  # what the page shows, where an action has both
            "domain": [
                ("company_id", "in", scope.creditors.ids),
                *scope.partner_domain("partner_id."),
                *domain,
            ],
            "context": context or {},
        }

    @api.model
    def _get_sales_action(self, scope, since):
        """Return the action that lists the invoices and credit notes dated after a day."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        sales = self.env._("Sales")
        return {
            **action,
            "name": sales,
            "display_name": sales,
            "domain": [
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "=", "posted"),
                ("company_id", "in", scope.companies.ids),
                ("date", ">=", fields.Date.to_string(since)),
                ("date", "<=", fields.Date.to_string(scope.as_of)),
                *scope.partner_domain("commercial_partner_id."),
                *scope.currency_domain(),
            ],
            "context": {"group_by": ["date:month"], "create": False},
        }

    @api.model
    def _get_received_action(self, scope, since):
        """Return the action that lists bank and cash receipts and refunds after a day."""
        return self._get_lines_action(
            self.env._("Received"),
            [
                *LEDGER,
                ("journal_id.type", "in", MONEY_JOURNALS),
                *scope.between("date", since),
                ("company_id", "in", scope.companies.ids),
                *scope.ledger_domain(),
            ],
            "date:day",
        )

    # -- The filters that the page offers ----------------------------------------------------------

    @api.model
    def _get_filters(self, scope):
        """Return the filters, each with its choices and the current value."""
        result = [
            self._prepare_filter(name, label, choices, getattr(scope, name))
            for name, label, choices in self._get_choices()
            if len(choices) > 1 or getattr(scope, name)
        ]
        if len(self.env.companies) > 1:
            companies = [(company.id, company.name) for company in self.env.companies]
            chosen = scope.companies.id if len(scope.companies) == 1 else False
            label = self.env._("Company")
            result.insert(0, self._prepare_filter("company_ids", label, companies, chosen))
        return result

    @api.model
    def _get_choices(self):
        """Return the choices of each filter: ``(name, label, [(value, text)])``."""
        salespeople, collectors = self._get_people()
        currencies = self.env["res.currency"].search([("active", "=", True)])
        regimes, profiles = (
            self.env["res.partner"]._fields[name]._description_selection(self.env)
            for name in ("dunning_regime", "dunning_profile")
        )
        unconfirmed, without = self.env._("To confirm"), self.env._("Without")
        return (
            ("salesperson_id", self.env._("Salesperson"), self._get_user_choices(salespeople)),
            (
                "collector_id",
                self.env._("Collector"),
                self._get_user_choices(collectors | salespeople),
            ),
            ("regime", self.env._("Legal regime"), [*regimes, (UNSET, unconfirmed)]),
            ("profile", self.env._("Profile"), [*profiles, (UNSET, without)]),
            ("currency_id", self.env._("Currency"), [(c.id, c.name) for c in currencies]),
        )

    @api.model
    def _get_people(self):
        """Return the ids of the salespeople and of the collectors of all customers, as sets."""
        [(salespeople, collectors)] = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(DISTINCT user_id) FILTER (WHERE user_id IS NOT NULL),
                       array_agg(DISTINCT dunning_user_id)
                           FILTER (WHERE dunning_user_id IS NOT NULL)
                  FROM res_partner WHERE user_id IS NOT NULL OR dunning_user_id IS NOT NULL
                """
            )
        )
        return set(salespeople or ()), set(collectors or ())

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

    # -- The aged balance and the customers most overdue -------------------------------------------

    @api.model
    def _get_ages(self, scope, situation):
        """Return the aged balance: one row per column of its report, with the same sums."""
        aged, labels = situation.aged, self._get_age_labels()
        longest = max(map(abs, aged.values()))
        return [
            {
                "key": f"age_{column}",
                "label": label,
                "value": self._money(scope, amount),
                "exact": self._money(scope, amount, exact=True),
                "number": float(amount),
                "percent": self._percent(situation.share(amount)),
                "width": self._width(abs(amount), longest),
                "tone": tone,
                "action": self._get_items_action(scope, label, scope.aged_domain(column)),
            }
            for (column, amount), label, tone in zip(aged.items(), labels, TONES, strict=True)
        ]

    @api.model
    def _get_age_labels(self):
        """Return the names of the columns of the aged balance."""
        labels = [self.env._("Credits not allocated"), self.env._("Not yet due")]
        for newer, last in pairwise(AGES):
            labels.append(self.env._("%(first)s–%(last)s days", first=newer + 1, last=last))
        return [*labels, self.env._("Over %s days", AGES[-1])]

    @api.model
    def _get_customers(self, scope, situation):
        """Return the most overdue customers, each with his share of the total overdue."""
        longest = max((found.amount for found in situation.top.values()), default=ZERO)
        partners = self.env["res.partner"].sudo().browse(situation.top)
        late = scope.late_domain()
        return [
            {
                "key": f"customer_{partner.id}",
                "label": partner.display_name,
                "value": self._money(scope, amount),
                "exact": self._money(scope, amount, exact=True),
                "percent": self._percent(situation.share_of_overdue(amount)),
                "note": self.env._("%s days", days),
                "width": self._width(amount, longest),
                "tone": "warning",
                "action": self._get_items_action(
                    scope,
                    partner.display_name,
                    [("partner_id.commercial_partner_id", "=", partner.id), *late],
                ),
            }
            for partner, (amount, days) in zip(partners, situation.top.values(), strict=True)
        ]

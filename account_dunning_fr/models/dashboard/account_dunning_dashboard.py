from decimal import Decimal
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date, formatLang

from ...core.checks import FIRST_YEAR, LAST_YEAR
from ...core.delays import AGES
from ...core.money import ZERO
from ..common.due import MONEY_JOURNALS, RECEIVABLE_ITEMS
from ..common.ledger_query import over_the_ledger
from ..common.letter_formats import format_labelled, format_long_date
from ..party.res_partner import REGIMES
from ..policy.res_partner import PROFILES
from .query import items, results
from .scope import UNSET, Scope
from .situation import Penalties, Situation, Step, to_decimal

# Of the French chart of accounts.
BAD_DEBTS = {"losses": "654", "doubtful": "416", "provision": "491"}
CHANNELS = ("send_email", "send_letter", "send_registered", "make_call")
TONES = ("success", "info", "warning", "warning", "danger", "danger")  # by age
# Trade receivables; the day, the companies and the filters follow.
LEDGER = (*RECEIVABLE_ITEMS, ("parent_state", "=", "posted"))


class AccountDunningDashboard(models.AbstractModel):
    """The dashboard: ``get_data`` answers the whole page in one call, formatted and translated.

    How it works: what a visitor asks for becomes a ``Scope``; set-based queries (``query/``) sum
    the books into a ``Situation``, which computes; here, and in the tiles, each figure is written
    out with the window action of the list behind it. The page computes nothing. Rights: an
    accounting group, and the companies of the user.
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
            "as_of": fields.Date.to_string(scope.as_of),
            "as_of_label": format_date(self.env, scope.as_of),
            "today": fields.Date.to_string(scope.today),
            "is_today": scope.is_today,
            "filters": self._get_filters(scope),
            "tasks": self._get_task_rows(scope),
            **self._get_figures(scope),
        }

    @api.model
    def _get_figures(self, scope):
        """Return the sections of the page that depend on the day and the filters."""
        situation = self._read_situation(scope)
        return {
            "control": self._get_control(scope, situation),
            "tiles": self._get_tiles(scope, situation),
            "ages": self._get_ages(scope, situation),
            "customers": self._get_customers(scope, situation),
            "holds": self._get_holds(scope, situation),
            "penalties": self._get_penalties(scope),
            "cases": self._get_cases(scope, situation),
            "registered": self._get_registered(scope),
            "steps": self._get_steps(scope),
            "forecast": self._get_forecast(scope, situation),
        }

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
        """Return what bounds the queries; only companies that the user has chosen are read.

        :param dict filters: as ``get_data`` takes them
        :return: ``Scope``
        """
        today = fields.Date.context_today(self)
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
        """Return what a scope knows of the books of its companies, by its names."""
        creditors = companies.dunning_creditor_id
        currency = self.env.company.currency_id
        Line = self.env["account.move.line"]
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return {
            "creditors": creditors,
            "currency": currency,
            # By numbers: with them, PostgreSQL knows how few rows they select.
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
        """Return the credit limit of customers without their own; None where none is looked at.

        Limits are granted by company: they are told of one only.
        """
        if len(companies) > 1 or not companies.account_use_credit_limit:
            return None
        partner = self.env["res.partner"].with_company(companies)
        return partner._fields["credit_limit"].get_company_dependent_fallback(partner)

    @api.model
    def _get_rate(self, scope, currency):
        """Return the rate of a currency in that of the page, on the day, as a ``Decimal``."""
        rate = currency._get_conversion_rate(
            currency, scope.currency, scope.companies[:1], scope.as_of
        )
        return Decimal(str(rate))

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

    # -- What the books say ------------------------------------------------------------------------

    @api.model
    def _read_situation(self, scope):
        """Return the sums of the books: ``Situation``."""
        self.env.flush_all()
        self._tune()
        open_items = self.env["account.dunning.balance"]._get_open_items_query(
            scope.companies, scope.as_of
        )
        with over_the_ledger(self.env.cr):
            rows = self.env.execute_query(items.situation(scope, open_items))
        for query in results.sums(scope):
            rows += self.env.execute_query(query)
        return Situation.from_rows(rows)

    @api.model
    def _tune(self):
        """Tell PostgreSQL, for this transaction, how such queries run best.

        Compiling them costs more than running them; the items fit in memory; and what they look up
        by number is mostly cached.
        """
        for setting in ("jit = off", "work_mem = '64MB'", "random_page_cost = 1.1"):
            self.env.cr.execute(SQL(f"SET LOCAL {setting}"))

    @api.model
    def _read_penalties(self, scope):
        """Return the ``Penalties``; the indemnities are in euros, the interest in any currency."""
        owed = waived = ZERO
        currencies = self.env["res.currency"]
        euro_rate = self._get_rate(scope, currencies._get_dunning_euro())
        for currency_id, *sums in self.env.execute_query(results.penalties_computed(scope)):
            interest, waived_interest, indemnity, waived_indemnity = map(to_decimal, sums)
            rate = self._get_rate(scope, currencies.browse(currency_id))
            owed += interest * rate + indemnity * euro_rate
            waived += waived_interest * rate + waived_indemnity * euro_rate
        [(claimed, received)] = self.env.execute_query(results.penalties_claimed(scope))
        return Penalties(owed, to_decimal(claimed), to_decimal(received), waived)

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

    # -- How amounts, rates and days are written ---------------------------------------------------

    @api.model
    def _money(self, scope, amount, exact=False):
        """Return an amount in the dashboard's currency; to the unit, or to the cent if exact."""
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

    # -- The lists behind the figures, as window actions -------------------------------------------

    @api.model
    def _get_items_action(self, scope, name, domain=()):
        """Return the action that lists the items open on the day, filtered as the dashboard is.

        :param str name: title of the list
        :param list domain: further conditions on ``account.move.line``
        """
        as_of = fields.Date.to_string(scope.as_of)
        views = {
            kind: self.env.ref(f"account_dunning_fr.view_move_line_open_items_{kind}").id
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

        :param str group_by: of the list; None: as they are
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
        """Return the action of another list of the addon, on the filtered customers only."""
        action = self.env["ir.actions.act_window"]._for_xml_id(f"account_dunning_fr.{xmlid}")
        return {
            **action,
            "name": name,
            "domain": [
                ("company_id", "in", scope.creditors.ids),
                *scope.partner_domain("partner_id."),
                *domain,
            ],
            "context": context or {},
        }

    # -- The filters that the page offers ----------------------------------------------------------

    @api.model
    def _get_filters(self, scope):
        """Return the filters: each with its choices and what is chosen."""
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
        """Return what each filter lets choose: ``(name, label, [(value, text)])``."""
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

    # -- The control line: the total shown is the balance of the receivable accounts ---------------

    @api.model
    def _get_control(self, scope, situation):
        """Return the line that ties the dashboard to the books, with the list of any difference.

        The total of the open items is that of the whole company, whatever the filters.
        """
        filtered = scope.is_filtered and self._money(scope, situation.owed, exact=True)
        return {
            **self._get_tie(scope, situation.shown, self._get_ledger_total(scope)),
            **self._get_orphans(scope, situation),
            "filtered": filtered,
            "filtered_text": filtered and self.env._("Kept by the filters: %s", filtered),
            "action": self._get_lines_action(
                self.env._("Receivable accounts"),
                [
                    *LEDGER,
                    ("date", "<=", fields.Date.to_string(scope.as_of)),
                    ("company_id", "in", scope.companies.ids),
                ],
                "account_id",
            ),
        }

    @api.model
    def _get_ledger_total(self, scope):
        """Return the balance of the receivable accounts on the day."""
        Balance = self.env["account.dunning.balance"]
        return sum(
            (
                to_decimal(Balance._get_ledger_balance(company, scope.as_of))
                * to_decimal(scope.rates[company.id])
                for company in scope.companies
            ),
            ZERO,
        )

    @api.model
    def _get_tie(self, scope, shown, ledger):
        """Return both totals, and the sentence that says whether they agree."""
        values = {
            "day": format_date(self.env, scope.as_of),
            "shown": self._money(scope, shown, exact=True),
            "ledger": self._money(scope, ledger, exact=True),
            "difference": self._money(scope, shown - ledger, exact=True),
        }
        agrees = scope.currency.is_zero(float(shown - ledger))
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
    def _get_orphans(self, scope, situation):
        """Return how many open items have no customer, and their list."""
        count = situation.orphans.count
        if not count:
            return {"orphans": 0, "orphans_action": 0}
        return {
            "orphans": self.env._("%(count)s items without a customer", count=count),
            "orphans_action": {
                **self._get_items_action(scope, self.env._("Items without a customer")),
                "domain": [
                    ("dunning_open_on", "=", fields.Date.to_string(scope.as_of)),
                    ("company_id", "in", scope.companies.ids),
                    ("partner_id", "=", False),
                ],
            },
        }

    # -- The sections below the tiles: rows of texts, bars and actions -----------------------------

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
    def _get_ages(self, scope, situation):
        """Return the aged balance, one row an age."""
        amounts = situation.amounts_by_age
        longest = max(amounts)
        return [
            {
                "key": f"age_{age}",
                "label": label,
                "value": self._money(scope, amount),
                "exact": self._money(scope, amount, exact=True),
                "percent": self._percent(situation.share(amount)),
                "width": self._width(amount, longest),
                "tone": TONES[age],
                "action": self._get_items_action(scope, label, scope.age_domain(age)),
            }
            for age, (label, amount) in enumerate(zip(self._get_age_labels(), amounts, strict=True))
        ]

    @api.model
    def _get_age_labels(self):
        """Return the names of the ages, from « not due » to the oldest."""
        labels = [self.env._("Not yet due")]
        for newer, last in pairwise(AGES):
            labels.append(self.env._("%(first)s–%(last)s days", first=newer + 1, last=last))
        return [*labels, self.env._("Over %s days", AGES[-1])]

    @api.model
    def _get_customers(self, scope, situation):
        """Return the customers most overdue, with their share of all that is overdue."""
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

        What is owed and waived is that of today: only the books keep their days.
        """
        penalties = self._read_penalties(scope)
        if not (penalties.owed or penalties.claimed):
            return []
        posted = [("line_ids.parent_state", "=", "posted")]
        domains = {
            "owed": [],
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
                ),
            }
            for key, label in labels.items()
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
                    *scope.between("date", scope.year_ago),
                    *((channel, "=", bool(value)) for channel, value in step.channels.items()),
                ],
            ),
        }

    @api.model
    def _get_forecast(self, scope, situation):
        """Return the receipts expected by week and certainty, with the lengths of their bars."""
        weeks = situation.weeks(scope.as_of)
        longest = max(sum(week.amounts.values(), ZERO) for week in weeks[:-1])
        labels = {
            "certain": self.env._("Committed"),
            "probable": self.env._("Probable"),
            "at_risk": self.env._("At risk"),
        }
        totals = {
            name: self._money(scope, sum((week.amounts[name] for week in weeks), ZERO))
            for name in labels
        }
        return {
            "labels": labels,
            "empty": not situation.expected,
            "totals": totals,
            "sums": {
                name: format_labelled(self.env, label, totals[name])
                for name, label in labels.items()
            },
            "weeks": [
                self._prepare_week(scope, f"week_{rank}", week, labels, longest)
                for rank, week in enumerate(weeks)
            ],
        }

    @api.model
    def _prepare_week(self, scope, key, week, labels, longest):
        expected = week.amounts["certain"] + week.amounts["probable"]
        return {
            "key": key,
            "label": format_long_date(self.env, week.start, "d MMM")
            if week.end
            else self.env._("Later"),
            "total": self._money(scope, expected),
            "at_risk": bool(week.amounts["at_risk"])
            and self._money(scope, week.amounts["at_risk"]),
            "parts": [
                {
                    "name": name,
                    "label": format_labelled(
                        self.env, label, self._money(scope, week.amounts[name])
                    ),
                    "width": self._width(week.amounts[name], longest),
                }
                for name, label in labels.items()
                if week.amounts[name] and week.end
            ],
        }

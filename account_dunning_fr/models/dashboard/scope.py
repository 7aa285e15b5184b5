"""What the dashboard looks at, and what its filters mean: as SQL for the sums, and as a domain.

Each filter is written twice, side by side: the list behind a figure must hold what the figure adds
up.
"""

from dataclasses import dataclass
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ...core.delays import AGES
from ...core.limitation import PERIODS, latest_start
from ..common.account_dunning_balance import AGED_COLUMNS
from ..common.due import RECEIVABLE_ITEMS

PERIOD_MONTHS = 3  # of the recovery rate and of the effectiveness
PAID_MONTHS = 6  # of the delays: longer ago, customers had other habits
LIMIT_MONTHS = 6  # what is time-barred within this time is shown
SALES_MONTHS = 12  # as far back as the count-back looks, beside the present month
FILTERS = ("salesperson_id", "collector_id", "currency_id", "regime", "profile")
UNSET = "none"  # a filter's choice: those whose regime or profile is not known
# Profiles that follow from a confirmed regime, where no other one is set (as in the rules).
PROFILE_BY_REGIME = {"b2g": "public", "b2c": "consumer"}
# Money given back to a customer: in the balance of his account, and never late.
PAID_OUT = ("move_id.origin_payment_id.payment_type", "=", "outbound")
# Trade receivables; the day, the companies and the filters follow.
LEDGER = (*RECEIVABLE_ITEMS, ("parent_state", "=", "posted"))
OWED = (("balance", ">", 0), "!", PAID_OUT)
ACT_DAYS = 7  # what comes later than this after a message is not put down to it
# States in which the VAT of unpaid invoices was not taken back yet.
VAT_TO_GET_BACK = ("draft", "issued", "sent")
RECENT_DAYS = 30  # of what came in lately, and of what falls due soon


@dataclass(frozen=True, eq=False)
class Scope:
    """What bounds the queries: a day, companies, filters; a filter that is 0 or False filters not.

    :ivar date as_of: day of the figures, counted to its end
    :ivar date today: day on which they are asked for
    :ivar companies: ``res.company`` looked at, all of them among the user's
    :ivar creditors: ``res.company`` that dun for these
    :ivar currency: ``res.currency`` in which the page is shown
    :ivar dict rates: by company id, its currency in that of the page, on the day
    :ivar tuple account_ids: trade receivable accounts
    :ivar dict bad_debt_ids: ids of the accounts of ``losses``, ``doubtful`` and ``provision``
    :ivar tuple money_journal_ids: journals by which money arrives
    :ivar credit_limit: credit limit of customers without their own, in the company's currency;
        None where none is looked at
    :ivar int currency_id: only what is in this currency
    :ivar regime: a legal regime, ``none``: to be confirmed; ``profile``: likewise
    """

    as_of: object
    today: object
    companies: object
    creditors: object
    currency: object
    rates: dict
    account_ids: tuple
    bad_debt_ids: dict
    money_journal_ids: tuple
    credit_limit: float | None = None
    salesperson_id: int = 0
    collector_id: int = 0
    currency_id: int = 0
    regime: str | bool = False
    profile: str | bool = False

    # -- Whom ------------------------------------------------------------------------------------

    @property
    def company_ids(self):
        return tuple(self.companies.ids)

    @property
    def creditor_ids(self):
        return tuple(self.creditors.ids) or (0,)

    @property
    def branch_ids(self):
        """Where branches alone are looked at: what the creditor did, for their customers only."""
        return self.company_ids if self.creditors - self.companies else ()

    @property
    def is_filtered(self):
        """Whether only a part of the customers or of the currencies is shown."""
        return any(getattr(self, name) for name in FILTERS)

    @property
    def is_narrow(self):
        """Whether customers have to be looked at to know what is kept."""
        return self.is_filtered or bool(self.branch_ids)

    def vat_domain(self):
        """Return the VAT to get back that the figure adds up, customers and companies apart."""
        day = self.as_of.isoformat()
        return [
            ("event_date", "<=", day),
            "|",
            ("state", "in", VAT_TO_GET_BACK),
            "&",
            ("state", "=", "booked"),
            ("entry_id.date", ">", day),
        ]

    @property
    def filters(self):
        """Return what the scope was made from, as a page gives it: it makes the same again."""
        return {
            "as_of": self.as_of.isoformat(),
            "company_ids": self.companies.ids,
            **{name: getattr(self, name) for name in FILTERS},
        }

    # -- When --------------------------------------------------------------------------------------

    @property
    def is_today(self):
        return self.as_of == self.today

    @property
    def opening(self):
        """Last day before the period of the results and of the collection work."""
        return self.as_of - relativedelta(months=PERIOD_MONTHS)

    @property
    def paid_since(self):
        """Last day before the receipts from which delays are told."""
        return self.as_of - relativedelta(months=PAID_MONTHS)

    @property
    def year_ago(self):
        return self.as_of - relativedelta(years=1)

    @property
    def sales_since(self):
        """Last day before the months of sales."""
        return self.as_of.replace(day=1) - relativedelta(months=SALES_MONTHS) - timedelta(days=1)

    @property
    def lately(self):
        """Last day before the latest receipts."""
        return self.as_of - timedelta(days=RECENT_DAYS)

    @property
    def before_lately(self):
        """Last day before the period that the latest receipts are compared with."""
        return self.lately - timedelta(days=RECENT_DAYS)

    @property
    def judged(self):
        """Day of the last messages whose time to bring something in is over."""
        return self.as_of - timedelta(days=ACT_DAYS)

    @property
    def limits(self):
        """By legal regime, the last due date that is time-barred soon."""
        soon = self.as_of + relativedelta(months=LIMIT_MONTHS)
        return {regime: latest_start(soon, regime) for regime in PERIODS}

    @property
    def bounds(self):
        """The days as parameters of a query; a call has an hour, and counts to its day's end."""
        return {
            "as_of": self.as_of,
            "opening": self.opening,
            "paid_since": self.paid_since,
            "year_ago": self.year_ago,
            "creditors": self.creditor_ids,
            "opening_end": SQL("%s::date + 1", self.opening),
            "paid_end": SQL("%s::date + 1", self.paid_since),
            "end": SQL("%s::date + 1", self.as_of),
        }

    # -- The filters as SQL ------------------------------------------------------------------------

    def converted(self, amount, alias):
        """Return an amount of a row's company in the currency of the page, at the day's rate.

        :param SQL amount: in the currency of the company
        :param str alias: of the row that has a ``company_id``
        """
        if set(self.rates.values()) == {1.0}:
            return amount
        cases = [SQL("WHEN %s THEN %s", company, rate) for company, rate in self.rates.items()]
        return SQL("%s * CASE %s.company_id %s END", amount, SQL(alias), SQL(" ").join(cases))

    def kept(self, partner, currency):
        """Return the condition of the filters.

        :param SQL partner: alias of the commercial partner
        :param SQL currency: the row's currency; None where it has none to filter by
        """
        conditions = [
            SQL("%s = %s", column, value)
            for value, column in (
                (self.salesperson_id, SQL("%s.user_id", partner)),
                (
                    self.collector_id,
                    SQL("COALESCE(%(p)s.dunning_user_id, %(p)s.user_id)", p=partner),
                ),
                (self.currency_id if currency else 0, currency),
            )
            if value
        ]
        for value, column in (
            (self.regime, SQL("%s.dunning_regime", partner)),
            (self.profile, _get_profile_sql(partner)),
        ):
            if value == UNSET:
                conditions.append(SQL("%s.id IS NOT NULL AND %s IS NULL", partner, column))
            elif value:
                conditions.append(SQL("%s = %s", column, value))
        if self.branch_ids:
            conditions.append(self._of_branches(partner))
        return SQL("(%s)", SQL(" AND ").join(conditions)) if conditions else SQL("TRUE")

    def _of_branches(self, partner):
        """Return whether a customer was invoiced by the branches that are looked at."""
        return SQL(
            """
            %s.id IN (SELECT commercial_partner_id FROM account_move
                       WHERE company_id IN %s AND move_type IN ('out_invoice', 'out_receipt'))
            """,
            partner,
            self.branch_ids,
        )

    # -- The filters as a domain -------------------------------------------------------------------

    def partner_domain(self, path):
        """Return the filters on customers.

        :param str path: how to reach the commercial partner, with its dot
        """
        domain = []
        if self.salesperson_id:
            domain.append((f"{path}user_id", "=", self.salesperson_id))
        if self.collector_id:
            domain += [
                "|",
                (f"{path}dunning_user_id", "=", self.collector_id),
                "&",
                (f"{path}dunning_user_id", "=", False),
                (f"{path}user_id", "=", self.collector_id),
            ]
        if self.regime:
            regime = self.regime != UNSET and self.regime
            domain.append((f"{path}dunning_regime", "=", regime))
        return [*domain, *self._profile_domain(path)]

    def _profile_domain(self, path):
        """Return the customers of the profile, set or following from their regime."""
        if not self.profile:
            return []
        unset = (f"{path}dunning_profile", "=", False)
        regime = f"{path}dunning_regime"
        if self.profile == UNSET:
            return [unset, "|", (regime, "=", False), (regime, "not in", list(PROFILE_BY_REGIME))]
        following = [key for key, value in PROFILE_BY_REGIME.items() if value == self.profile]
        chosen = (f"{path}dunning_profile", "=", self.profile)
        return ["|", chosen, "&", unset, (regime, "in", following)]

    def ledger_domain(self):
        """Return the filters on journal items, without the companies."""
        return [
            *self.partner_domain("partner_id.commercial_partner_id."),
            *self.currency_domain(),
        ]

    def currency_domain(self):
        return [("currency_id", "=", self.currency_id)] if self.currency_id else []

    def aged_domain(self, column):
        """Return the items of one column of the aged balance.

        :param str column: as ``account.dunning.balance`` names it
        """
        if column == "credit":
            return ["|", ("balance", "<", 0), PAID_OUT]
        age = AGED_COLUMNS.index(column) - 1
        domain = []
        if age:
            newest = self.as_of - timedelta(days=AGES[age - 1] + 1)
            domain.append(("dunning_due", "<=", newest.isoformat()))
        if age < len(AGES):
            oldest = self.as_of - timedelta(days=AGES[age])
            domain.append(("dunning_due", ">=", oldest.isoformat()))
        return [*OWED, *domain]

    def late_domain(self, days=0):
        """Return the items late by more than so many days."""
        last = self.as_of - timedelta(days=days)
        return [*OWED, ("dunning_due", "<", last.isoformat())]

    def soon_domain(self, days):
        """Return the items that fall due from the day on, within so many days."""
        last = self.as_of + timedelta(days=days)
        return [*self.aged_domain("not_due"), ("dunning_due", "<=", last.isoformat())]

    def formal_domain(self):
        """Return the items against which a formal notice stands that left by the day.

        Of an item that was paid and is open again, a notice of before counts here alone.
        """
        notices = [
            ("stands", "=", True),
            ("notice_id.date", "<=", self.as_of.isoformat()),
            ("notice_id.company_id", "in", self.creditors.ids),
        ]
        return [("balance", ">", 0), ("dunning_line_ids", "any", notices)]

    def limit_domain(self):
        """Return the debts soon time-barred, by the legal regime of the customer."""
        days = {key: day.isoformat() for key, day in self.limits.items()}
        regime = "partner_id.commercial_partner_id.dunning_regime"
        special = [key for key in days if key != "b2b"]
        usual = ["&", ("dunning_due", "<=", days["b2b"])]
        domain = [*usual, "|", (regime, "=", False), (regime, "not in", special)]
        for key in special:
            domain = ["|", *domain, "&", ("dunning_due", "<=", days[key]), (regime, "=", key)]
        return [("debit", ">", 0), ("partner_id", "!=", False), *domain]

    def between(self, field, since):
        """Return the days after the start of a period, up to the day, as a domain.

        :param date since: last day before the period
        """
        if field in ("done_on", "made_at"):  # a moment: the day is counted to its end
            first, end = (day + timedelta(days=1) for day in (since, self.as_of))
            return [(field, ">=", f"{first} 00:00:00"), (field, "<", f"{end} 00:00:00")]
        return [(field, ">", since.isoformat()), (field, "<=", self.as_of.isoformat())]


def _get_profile_sql(partner):
    cases = [
        SQL("WHEN %s THEN %s", regime, profile) for regime, profile in PROFILE_BY_REGIME.items()
    ]
    return SQL(
        "COALESCE(%(p)s.dunning_profile, CASE %(p)s.dunning_regime %(cases)s END)",
        p=partner,
        cases=SQL(" ").join(cases),
    )

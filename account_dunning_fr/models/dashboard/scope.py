"""What the dashboard covers, and what its filters mean, as SQL for the sums and as a domain.

Each filter is written in both forms, side by side: the list behind a figure must contain exactly
what the figure sums up.
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
PAID_MONTHS = 6  # of the delays: before that, customers had other habits
LIMIT_MONTHS = 6  # debts that become time-barred within this time are shown
SALES_MONTHS = 12  # how far back the count-back method looks, besides the current month
FILTERS = ("salesperson_id", "collector_id", "currency_id", "regime", "profile")
UNSET = "none"  # a filter's choice: customers whose regime or profile is not known
# Profiles that follow from a confirmed regime, unless another one is set (as in the rules).
PROFILE_BY_REGIME = {"b2g": "public", "b2c": "consumer"}
# Money refunded to a customer: part of the balance of his account, and never late.
PAID_OUT = ("move_id.origin_payment_id.payment_type", "=", "outbound")
# Trade receivables; conditions on the day, the companies and the filters are added to it.
LEDGER = (*RECEIVABLE_ITEMS, ("parent_state", "=", "posted"))
OWED = (("balance", ">", 0), "!", PAID_OUT)
ACT_DAYS = 7  # what is received later after a notice is not attributed to it
# States in which the VAT on unpaid invoices has not been recovered yet.
VAT_TO_GET_BACK = ("draft", "issued", "sent")
RECENT_DAYS = 30  # of recent receipts, and of what falls due soon


@dataclass(frozen=True, eq=False)
class Scope:
    """The bounds of the queries: a day, companies, filters; a filter that is 0 or False is not set.

    :ivar date as_of: day of the figures, up to its end
    :ivar date today: day of the request
    :ivar companies: ``res.company`` records covered, all of them among the user's
    :ivar creditors: ``res.company`` records that dun for these
    :ivar currency: ``res.currency`` in which the page is shown
    :ivar dict rates: by company id, the rate from its currency to that of the page, on the day
    :ivar tuple account_ids: trade receivable accounts
    :ivar dict bad_debt_ids: ids of the accounts of ``losses``, ``doubtful`` and ``provision``
    :ivar tuple money_journal_ids: journals that receive money
    :ivar credit_limit: credit limit of customers without their own, in the company's currency; None
        if limits are not shown
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
        """The companies if only branches are covered, else none.

        What their creditor did is then limited to the customers of these branches.
        """
        return self.company_ids if self.creditors - self.companies else ()

    @property
    def is_filtered(self):
        """Whether only some of the customers or currencies are shown."""
        return any(getattr(self, name) for name in FILTERS)

    @property
    def is_narrow(self):
        """Whether customers have to be read to know what is kept."""
        return self.is_filtered or bool(self.branch_ids)

    def vat_domain(self):
        """Return the domain of the VAT to recover, except for customers and companies."""
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
        """Return the filters that the scope was made from, as the page sends them."""
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
        """Last day before the receipts on which delays are based."""
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
        """Last day before the period with which the latest receipts are compared."""
        return self.lately - timedelta(days=RECENT_DAYS)

    @property
    def judged(self):
        """Day of the last notices whose time to bring something in is over."""
        return self.as_of - timedelta(days=ACT_DAYS)

    @property
    def limits(self):
        """By legal regime, the latest due date of debts that are time-barred soon."""
        soon = self.as_of + relativedelta(months=LIMIT_MONTHS)
        return {regime: latest_start(soon, regime) for regime in PERIODS}

    @property
    def bounds(self):
        """The days as parameters of a query; calls have a time of day, and count until midnight."""
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
        :param str alias: alias of the row, which has a ``company_id``
        """
        if set(self.rates.values()) == {1.0}:
            return amount
        cases = [SQL("WHEN %s THEN %s", company, rate) for company, rate in self.rates.items()]
        return SQL("%s * CASE %s.company_id %s END", amount, SQL(alias), SQL(" ").join(cases))

    def kept(self, partner, currency):
        """Return the condition of the filters.

        :param SQL partner: alias of the commercial partner
        :param SQL currency: the row's currency; None if it has none to filter by
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
        """Return the condition that a customer was invoiced by the branches of the scope."""
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

        :param str path: path to the commercial partner, including the dot
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
        """Return the customers of the profile, whether set or following from their regime."""
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

        :param str column: name of the column in ``account.dunning.balance``
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
        """Return the items late by more than this number of days."""
        last = self.as_of - timedelta(days=days)
        return [*OWED, ("dunning_due", "<", last.isoformat())]

    def soon_domain(self, days):
        """Return the items that fall due within this number of days from the day on."""
        last = self.as_of + timedelta(days=days)
        return [*self.aged_domain("not_due"), ("dunning_due", "<=", last.isoformat())]

    def formal_domain(self):
        """Return the items under a formal notice that is still in force and was sent by the day.

        If an item was paid and reopened, an earlier notice counts only here.
        """
        notices = [
            ("stands", "=", True),
            ("notice_id.date", "<=", self.as_of.isoformat()),
            ("notice_id.company_id", "in", self.creditors.ids),
        ]
        return [("balance", ">", 0), ("dunning_line_ids", "any", notices)]

    def limit_domain(self):
        """Return the debts that are soon time-barred, according to the customer's legal regime."""
        days = {key: day.isoformat() for key, day in self.limits.items()}
        regime = "partner_id.commercial_partner_id.dunning_regime"
        special = [key for key in days if key != "b2b"]
        usual = ["&", ("dunning_due", "<=", days["b2b"])]
        domain = [*usual, "|", (regime, "=", False), (regime, "not in", special)]
        for key in special:
            domain = ["|", *domain, "&", ("dunning_due", "<=", days[key]), (regime, "=", key)]
        return [("debit", ">", 0), ("partner_id", "!=", False), *domain]

    def between(self, field, since):
        """Return the domain of the days after the start of a period, up to the day.

        :param date since: last day before the period
        """
        if field in ("done_on", "made_at"):  # a datetime: the day counts until midnight
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

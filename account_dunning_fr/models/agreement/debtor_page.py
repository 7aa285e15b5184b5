"""What a customer owes one creditor, as shown on his page: plain values made of the plan's rows."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from odoo import fields
from odoo.tools import format_amount, format_date

from ...core.claims_allowed import may_state_penalties
from ...core.debtor_requests import WITHOUT_ITEMS, Standing, least_first, offered
from ...core.money import ZERO, to_decimal
from ..common.creditors_day import creditors_day
from ..hold.account_dunning_hold import DISPUTES
from ..penalty.penalty_statement import make_statement
from .res_partner import UNDER_WAY

LATE, DUE, DISPUTED, PROMISED, PLANNED, PAYING, DECLARE = (
    *("late", "due", "disputed", "promised", "planned"),
    *("paying", "declare"),
)
ASKED = (LATE, DUE, PROMISED, PLANNED)  # what may be paid, promised or settled by a plan
NO_DEBT = ("no_debt", "retention")
COVERED = ("covered", "in_payment", "possible")
BROKEN_DAYS = 366  # a promise broken longer ago does not count any more
SHOWN_REQUESTS = 20


@dataclass(frozen=True)
class Owed:
    """One open item as shown on the page; amounts in ``currency``, ``days`` late.

    ``payee`` is the name of the factor to whom it is payable, empty if it is payable to us.
    """

    item: Any
    name: str
    due: date
    days: int
    total: float
    residual: float
    disputed: float
    asked: float
    currency: Any
    state: str
    detail: str
    level: Any
    payee: str = ""

    @property
    def move(self):
        """The invoice, or the entry in its place."""
        return self.item.move_id


class DebtorPage:
    """The page of one link: read once, for one request."""

    def __init__(self, link):
        """Read what the customer of a link owes.

        :param link: ``account.dunning.link``, as returned by ``_for_visitor``
        """
        self.link = link
        self.env = link.env
        self.company = link.company_id
        self.partner = link.partner_id.commercial_partner_id
        self.today = creditors_day(link)
        self.ours = [("partner_id", "=", self.partner.id), ("company_id", "=", self.company.id)]
        plan = self.env["account.dunning.plan"]
        found = plan._simulate(self.company, self.today, self.partner)
        rows = [row for row in found if row.partner_id == self.partner.id]
        self.rows = [row for row in rows if row.exclusion not in NO_DEBT]
        self.holds = self.env["account.dunning.hold"].browse(
            {row.hold_id for row in self.rows if row.hold_id}
        )
        self.owed = sorted(map(self._show, self.rows), key=lambda owed: (owed.due, owed.item.id))

    # -- The items ---------------------------------------------------------------------------------

    def _show(self, row):
        item = self.env["account.move.line"].browse(row.move_line_id)
        currency = self.env["res.currency"].browse(row.currency_id)
        state, detail = self._find_state(row)
        credit = float(row.credit_amount or 0)
        held = float(row.held_amount or 0)
        whole = state == DISPUTED and not held
        asked = currency.round(max(row.residual - held - credit, 0)) if state in ASKED else 0.0
        late = (self.today - row.due).days
        if payee := self._find_payee(item):
            detail = detail or self.env._("to be paid to %s", payee)
        return Owed(
            item=item,
            name=row.move_name or "",
            due=row.due,
            days=max(late, 0),
            total=float(row.total),
            residual=float(row.residual),
            disputed=float(row.residual) if whole else held,
            asked=asked,
            currency=currency,
            state=state,
            detail=detail,
            level=self.env["account.dunning.level"].browse(row.level_id or ()),
            payee=payee,
        )

    def _find_payee(self, item):
        """Return the name of the factor to whom an item is payable, empty if it is to us."""
        account = item.move_id._get_dunning_factor_account()
        if account is None:
            return ""
        return account.acc_holder_name or account.partner_id.name or self.env._("a factor")

    def _find_state(self, row):
        """Return the state of an item, and a short explanation."""
        plain = LATE if row.overdue else DUE
        if row.stop in COVERED:
            return PAYING, self.env._("a payment is being recorded")
        if row.stop != "hold":
            return plain, ""
        hold = self.env["account.dunning.hold"].browse(row.hold_id)
        until = hold.date_until and format_date(self.env, hold.date_until)
        if hold.reason in DISPUTES:
            return DISPUTED, ""
        if hold.reason == "insolvency":
            return DECLARE, ""
        if hold.reason == "said_paid":
            return PAYING, self.env._("you told us that it is paid")
        if hold.reason == "promise" and hold.promise_id:
            return PROMISED, self.env._("promised for %s", self._format(hold.promise_id))
        if hold.reason == "plan" and hold.payment_plan_id:
            return PLANNED, hold.payment_plan_id.name
        return plain, until and self.env._("we wait until %s", until)

    def _format(self, promise):
        return format_date(self.env, promise.date_promised)

    @cached_property
    def asked(self):
        """The items that may be paid, promised or settled by a plan, the oldest first."""
        return [owed for owed in self.owed if owed.asked > 0]

    @cached_property
    def late(self):
        """Those of them that are late and not on hold."""
        return [owed for owed in self.asked if owed.state == LATE]

    @cached_property
    def totals(self):
        """What is owed by currency: dicts of ``currency`` and an amount for each state."""
        totals = {}
        for owed in self.owed:
            sums = totals.setdefault(owed.currency, {"currency": owed.currency})
            amount = owed.asked if owed.state in ASKED else owed.residual - owed.disputed
            if owed.state != DISPUTED:
                sums[owed.state] = owed.currency.round(sums.get(owed.state, 0) + amount)
            if owed.disputed:
                more = sums.get(DISPUTED, 0) + owed.disputed
                sums[DISPUTED] = owed.currency.round(more)
        return list(totals.values())

    def find(self, ids):
        """Return those of the items asked that have one of these ids; without ids, all late ones.

        :param ids: ids of ``account.move.line``, or an empty collection
        """
        if not ids:
            return self.late or self.asked
        return [owed for owed in self.asked if owed.item.id in ids]

    # -- What the law allows -----------------------------------------------------------------------

    @cached_property
    def insolvent(self):
        """Whether the customer is in insolvency proceedings."""
        found = self.env["account.dunning.insolvency"].search_count(
            [*self.ours, ("state", "in", UNDER_WAY)], limit=1
        )
        return bool(found)

    @cached_property
    def regime(self):
        """The legal regime of the customer, as confirmed by a person."""
        return self.partner.dunning_regime

    @cached_property
    def limits(self):
        """What the customer's policy lets him request by himself."""
        policies = {row.policy_id for row in self.rows if row.policy_id}
        policy = self.env["account.dunning.policy"].browse(sorted(policies)[:1])
        return policy._get_debtor_limits()

    @cached_property
    def kinds(self):
        """The kinds of request that the page offers now."""
        kinds = offered(self.regime, self.insolvent, self.limits)
        if self.asked:
            return kinds
        return [kind for kind in kinds if kind in WITHOUT_ITEMS]

    @cached_property
    def standing(self):
        """What is known about the customer before a request (``core.debtor_requests.Standing``)."""
        since = fields.Date.subtract(self.today, days=BROKEN_DAYS)
        common = [*self.ours, ("closed_on", ">=", since)]
        broken = self.env["account.dunning.promise"].search_count(
            [*common, ("state", "in", ("broken", "partly"))], limit=1
        )
        broken = broken or self.env["account.dunning.payment.plan"].search_count(
            [*common, ("state", "=", "broken")], limit=1
        )
        formal = any(owed.level.kind == "formal_notice" for owed in self.owed)
        return Standing(formal=formal, broken=broken)

    @cached_property
    def penalised(self):
        """The items on which penalties are shown: those on which a sent notice stated them.

        None to a consumer before the formal notice (``core.claims_allowed``).
        """
        if self.insolvent or not self.company._is_dunning_french():
            return self.env["account.move.line"]
        return self.env["account.move.line"].union(
            *(
                owed.item
                for owed in self.owed
                if owed.state in (LATE, PROMISED, PLANNED)
                and owed.level.penalties in ("stated", "applied")
                and may_state_penalties(self.regime, owed.level.kind)
            )
        )

    @cached_property
    def penalties(self):
        """The statement of the penalties on these items (``PenaltyStatement``), or None."""
        if not self.penalised:
            return None
        found = make_statement(self.company, self.partner, self.penalised, self.today)
        problem = any(section.problem for section in found.sections)
        return None if problem else found

    # -- What was said and agreed ------------------------------------------------------------------

    @cached_property
    def requests(self):
        """The requests of this customer to this creditor, newest first."""
        return self.env["account.dunning.request"].search(self.ours, limit=SHOWN_REQUESTS)

    @cached_property
    def plans(self):
        """The payment plans that are running, or waiting for his signature."""
        return self.env["account.dunning.payment.plan"].search(
            [*self.ours, ("state", "in", ("draft", "running"))]
        )

    def sum_of(self, chosen):
        """Return the sum of some items, an exact amount; all are in one currency."""
        return sum((to_decimal(owed.asked, owed.currency.rounding) for owed in chosen), ZERO)

    # -- For its forms -----------------------------------------------------------------------------

    def get_last_promise(self):
        """Return the last day that may be promised."""
        return self.today + timedelta(days=self.limits.promise_days)

    def least_of(self, chosen):
        """Return the smallest first payment of a plan for some items, an exact amount."""
        step = to_decimal(chosen[0].currency.rounding)
        return least_first(self.sum_of(chosen), self.limits, step)

    def get_least_first(self, chosen=None):
        """Return the smallest first payment of a plan, formatted; by default for all late items.

        :param chosen: the items that it is for
        """
        chosen = chosen or self.late or self.asked
        return format_amount(self.env, float(self.least_of(chosen)), chosen[0].currency)

    def get_reasons(self):
        """Return the reasons for contesting an invoice: pairs of key and label."""
        return (
            self.env["account.dunning.dispute"]._fields["reason"]._description_selection(self.env)
        )

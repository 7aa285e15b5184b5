from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import format_date

from ..core.half_years import RateMissing, half_year_start
from ..core.indemnity import Instalment, flat_indemnities
from ..core.interest import Statement, accrue
from ..core.money import ZERO

ONE_DAY = timedelta(days=1)
ITEM_FIELDS = (
    "move_id",
    "company_id",
    "partner_id",
    "parent_state",
    "date",
    "date_maturity",
    "balance",
    "amount_currency",
    "currency_id",
)
TERMS_FIELDS = ("dunning_rate_type", "dunning_rate_percent", "dunning_rate_multiple")


class Accrued(NamedTuple):
    """What one due item owes on a day, beyond its principal.

    :param statement: interest segment by segment (``core.interest.Statement``), in the item's
        currency; None when there is a problem
    :param indemnity: flat indemnity in euros
    :param problem: why nothing can be computed, for the user; False otherwise
    """

    statement: Statement | None
    indemnity: Decimal
    problem: str | bool

    @property
    def interest(self):
        """Total interest, in the item's currency."""
        return self.statement.interest if self.statement else ZERO


class AccountDunningAccrual(models.AbstractModel):
    """Late-payment interest and flat indemnity of due items, from what the books show.

    How it works: two queries gather the items and what reduced them, day by day; the core computes;
    nothing is written. The same result feeds the letters, the statement and the booking.
    """

    _name = "account.dunning.accrual"
    _description = "Late-Payment Interest Computation"

    @api.model
    def _compute_items(self, items, until, imputation="principal"):
        """Compute what items owe in interest and indemnity up to a day included.

        :param items: ``account.move.line`` records, receivable items of any state
        :param date until: last day that counts
        :param str imputation: ``principal`` (as the books) or ``interest`` (C. civ. 1343-1)
        :return: ``{item id: Accrued}``
        """
        self.env.flush_all()
        table = self.env["account.dunning.rate"]._get_table()
        siblings = self._get_siblings(items)
        self._fetch(siblings)
        events = self._get_events(siblings)
        judgments = self._get_opening_judgments(siblings)
        first_days = self._get_formal_notice_days(items)
        indemnities = self._get_indemnities(items, siblings, events, until, judgments)
        result = {}
        for item in items:
            regime = item.partner_id.commercial_partner_id.sudo().dunning_regime
            statement, problem = None, self._get_problem(item, regime)
            first_day = first_days.get(item.id) if regime == "b2c" else None
            late = item.parent_state != "cancel" and (regime != "b2c" or first_day)
            if late and not problem:
                judgment = judgments.get(item.id)
                try:
                    statement = accrue(
                        item._get_dunning_principal(),
                        item.date_maturity,
                        events[item.id],
                        min(until, judgment - ONE_DAY) if judgment else until,
                        item._get_dunning_schedule(table, regime),
                        imputation=imputation,
                        first_day=first_day,
                        day_basis=item.company_id.dunning_creditor_id.dunning_day_basis,
                    )
                except RateMissing as error:
                    problem = self.env._(
                        "The rates of the half-year from %s are missing: complete them in the "
                        "table of rates.",
                        format_date(self.env, half_year_start(error.day)),
                    )
            result[item.id] = Accrued(statement, indemnities.get(item.id, ZERO), problem)
        return result

    @api.model
    def _get_problem(self, item, regime):
        """Return why nothing can be computed for an item, for the user, or False."""
        if item.parent_state == "cancel":
            return False
        if not regime:
            return self.env._("The customer's legal regime is not confirmed.")
        if not item.date_maturity or item.amount_currency < 0:
            return self.env._("Penalties are computed on debts that have a due date only.")
        return False

    @api.model
    def _get_siblings(self, items):
        """Return the items with the other instalments of their invoices."""
        self._fetch(items)
        invoices = items.move_id.filtered(lambda move: move.is_sale_document())
        return items | self.env["account.move.line"].search(
            [
                ("move_id", "in", invoices.ids),
                ("account_type", "=", "asset_receivable"),
                ("date_maturity", "!=", False),
                ("dunning_penalty_id", "=", False),
            ],
            order="id",
        )

    @api.model
    def _fetch(self, items):
        """Read at once what is computed from; by itself the ORM reads every field, page by page."""
        items.fetch(ITEM_FIELDS)
        items.move_id.fetch(["move_type", "invoice_date", "commercial_partner_id", *TERMS_FIELDS])
        items.partner_id.fetch(["commercial_partner_id"])
        customers = items.partner_id.commercial_partner_id | items.move_id.commercial_partner_id
        customers.sudo().fetch(["dunning_regime", *TERMS_FIELDS])

    @api.model
    def _get_opening_judgments(self, items):
        """Return the day of the judgment that opened insolvency, for the claims before it.

        It is the day before which the hold stops claims, else the first day of the hold.

        :return: ``{item id: date}``
        """
        holds = (
            self.env["account.dunning.hold"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", items.partner_id.commercial_partner_id.ids),
                    ("reason", "=", "insolvency"),
                    ("released_on", "=", False),
                ]
            )
        )
        openings = {}
        for hold in holds:
            opening = hold.claims_before or hold.date_from
            known = openings.setdefault(hold.partner_id, opening)
            openings[hold.partner_id] = min(known, opening)
        judgments = {}
        for item in items if openings else ():
            opening = openings.get(item.partner_id.commercial_partner_id)
            if opening and (item.move_id.invoice_date or item.date) < opening:
                judgments[item.id] = opening
        return judgments

    @api.model
    def _get_formal_notice_days(self, items):
        """Return from which day a consumer owes interest: after the receipt of a formal notice.

        Receipt is presumed after the days in the post of the policy (C. civ. 1231-6).

        :return: ``{item id: date}``
        """
        lines = (
            self.env["account.dunning.notice.line"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", items.ids),
                    ("state", "=", "sent"),
                    ("claimed", "=", True),
                    ("notice_id.kind", "=", "formal_notice"),
                ]
            )
        )
        days = {}
        for line in lines:
            notice = line.notice_id
            day = notice.date + timedelta(days=notice.policy_id.transit_days + 1)
            days[line.move_line_id.id] = min(day, days.get(line.move_line_id.id, day))
        return days

    @api.model
    def _get_indemnities(self, items, siblings, events, until, judgments):
        """Return the flat indemnity of each item, in euros: one per invoice paid late.

        One per late instalment where the creditor says so (a reading of CJEU C-370/21, C-78/22).

        The earliest late instalment bears it; where that one is not among the items, and was never
        booked, the earliest of those asked for does. An item of an entry that is no invoice stands
        for an invoice of its own.

        :return: ``{item id: Decimal}``
        """
        by_regime = defaultdict(list)
        for item in siblings:
            regime = item.partner_id.commercial_partner_id.sudo().dunning_regime
            payable = item.parent_state != "cancel" and item.date_maturity and item.balance > 0
            if regime and payable:
                one_per = item.company_id.dunning_creditor_id.dunning_indemnity_per
                by_regime[regime, judgments.get(item.id), one_per].append(
                    Instalment(
                        item.id,
                        item.move_id.id if item.move_id.is_sale_document() else f"item {item.id}",
                        item.date_maturity,
                        self._get_settled_on(item, events[item.id]),
                    )
                )
        booked = self._get_booked_bearers(siblings - items)
        asked = set(items.ids) | booked
        indemnities = {}
        for (regime, judgment, one_per), instalments in by_regime.items():
            bearing = [instalment for instalment in instalments if instalment.key in asked]
            indemnities |= flat_indemnities(
                bearing, until, regime, one_per=one_per, opening_judgment=judgment
            )
        return indemnities

    @api.model
    def _get_booked_bearers(self, siblings):
        """Return the ids of the instalments on which an indemnity was computed before."""
        penalties = self.env["account.dunning.penalty"].sudo()
        known = penalties.search([("move_line_id", "in", siblings.ids), ("indemnity", ">", 0)])
        return set(known.move_line_id.ids)

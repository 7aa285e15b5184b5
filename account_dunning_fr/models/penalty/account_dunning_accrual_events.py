from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.credits import Credit, OpenItem, allocate
from ...core.discount import discount_taken
from ...core.interest import Event
from ...core.money import round_to_step
from ..plan.query import credits as plan_credits
from ..plan.query import decision as plan_query
from ..plan.query import holds as plan_holds
from ..plan.query.reductions import reductions

# The customers of the items that are not settled, by company.
OPEN_QUERY = """
    SELECT item.company_id, array_agg(DISTINCT partner.commercial_partner_id)
      FROM account_move_line item
      JOIN res_partner partner ON partner.id = item.partner_id
     WHERE item.id = ANY (%(items)s) AND item.id BETWEEN %(first)s AND %(last)s
       AND item.reconciled IS NOT TRUE AND item.parent_state = 'posted'
     GROUP BY item.company_id
"""
DISCOUNTS_QUERY = """
    SELECT item.id, item.amount_currency::text, item.discount_amount_currency::text,
           item.discount_date, currency.rounding::float8::text
      FROM account_move_line item
      JOIN res_currency currency ON currency.id = item.currency_id
     WHERE item.id = ANY (%(items)s) AND item.id BETWEEN %(first)s AND %(last)s
       AND item.discount_date IS NOT NULL
       AND item.discount_amount_currency > 0
       AND item.discount_amount_currency < item.amount_currency
"""


class Reduction(NamedTuple):
    """What reduces an item, as the books say it.

    :param amount: in the item's currency, not rounded yet
    :param due: due date of the item
    :param on: day of the payment, the entry or the credit note
    :param step: smallest amount of the currency
    """

    item_id: int
    amount: Decimal
    is_note: bool
    due: date | None
    on: date
    step: Decimal


def to_decimal(number):
    """Return a number of PostgreSQL as a ``Decimal``, unrounded."""
    return Decimal(str(number))


class AccountDunningAccrual(models.AbstractModel):
    """What reduced the debt of each item, and when, by the books."""

    _inherit = "account.dunning.accrual"

    @api.model
    def _get_events(self, items, until=None):
        """Return what reduced each item, by the books.

        What is set against it, then what the plan sets against it because it waits (an open payment
        or credit note, a receipt that nobody matched): interest runs on what is claimed.

        A payment counts on the day of its bank line, else on its own; a credit note on the due date
        (prudent), or on its own date where the creditor says so. One that covers the whole item
        always counts on the due date: a fully credited invoice owes nothing. Exchange differences
        are left out, and so are losses and transfers to a doubtful account: neither is money
        received, so interest goes on. Who took the early-payment discount owes nothing more.

        :param date until: the day on which parts on hold are looked at, today by default
        :return: ``{item id: [core.interest.Event]}``
        """
        events = defaultdict(list)
        if not items:
            return events
        until = until or fields.Date.context_today(self)
        found = self._get_reductions(items) + self._get_waiting_money(items, until)
        own_date = self._get_items_credited_at_date(items, found)
        for reduction in found:
            item_id, amount, is_note, due, on, step = reduction
            if amount := round_to_step(amount, step):
                day = due if is_note and due and item_id not in own_date else on
                events[item_id].append(Event(day, amount, "credit_note" if is_note else "payment"))
        self._add_discounts(items, events)
        return events

    @api.model
    def _get_bounds(self, items):
        """Return the parameters of a query on items; see ``account_dunning_accrual_facts``."""
        return {"items": items.ids, "first": min(items.ids), "last": max(items.ids)}

    @api.model
    def _get_reductions(self, items):
        """Return what is set against items in the books, as a list of ``Reduction``."""
        wanted = SQL(
            "partial.debit_move_id IN %(items)s"
            " AND partial.debit_move_id BETWEEN %(first)s AND %(last)s",
            **{**self._get_bounds(items), "items": tuple(items.ids)},
        )
        rows = self.env.execute_query(reductions(wanted, items[0].company_id.root_id.id))
        return [
            Reduction(item_id, to_decimal(amount), is_note, due, on, Decimal(step))
            for item_id, amount, is_note, due, on, step in rows
        ]

    @api.model
    def _get_items_credited_at_date(self, items, reductions):
        """Return the ids of the items whose credit notes count from their own date.

        :param reductions: list of ``Reduction``
        """
        credited = defaultdict(Decimal)
        for reduction in reductions:
            if reduction.is_note:
                credited[reduction.item_id] += reduction.amount
        return {
            item.id
            for item in items.browse(credited)
            if item.company_id.dunning_creditor_id.dunning_credit_note_date == "own"
            and item.currency_id.compare_amounts(float(credited[item.id]), item.amount_currency) < 0
        }

    @api.model
    def _add_discounts(self, items, events):
        """Take off the early-payment discount that customers took, on the day they did."""
        if not events:
            return
        paid = items.browse(item_id for item_id in items.ids if item_id in events)
        for item_id, *amounts, last_day, step in self.env.execute_query(
            SQL(DISCOUNTS_QUERY, **self._get_bounds(paid))
        ):
            principal, discounted = map(Decimal, amounts)
            if taken := discount_taken(
                principal, discounted, last_day, events[item_id], Decimal(step)
            ):
                events[item_id].append(taken)

    # -- What waits to be set against the items, and what is disputed ------------------------------

    @api.model
    def _get_open_scopes(self, items):
        """Yield the scope of the plan for the customers of the items that are not settled."""
        partners = defaultdict(set)
        for company_id, partner_ids in self.env.execute_query(
            SQL(OPEN_QUERY, **self._get_bounds(items))
        ):
            creditor = self.env["res.company"].browse(company_id).sudo().dunning_creditor_id
            partners[creditor].update(partner_ids)
        plan = self.env["account.dunning.plan"].sudo()
        for creditor, partner_ids in partners.items():
            yield plan._get_scope(creditor, self.env["res.partner"].sudo().browse(partner_ids))

    @api.model
    def _get_waiting_money(self, items, until):
        """Return what the plan sets against items: money of their customer that is not allocated.

        To the invoice it refers to, else to the oldest due date (C. civ. 1342-10), by its day.

        :return: list of ``Reduction``
        """
        wanted, result = set(items.ids), []
        for scope in self._get_open_scopes(items):
            money = self._get_money(scope)
            if not money:
                continue
            owed = defaultdict(list)
            for row in self._get_owed(scope, until):
                owed[row["partner_id"], row["currency_id"]].append(row)
            for key, credits in money.items():
                result += self._set_against(owed[key], credits, wanted)
        return result

    @api.model
    def _get_money(self, scope):
        """Return what waits, ``{(partner id, currency id): [row]}``, the oldest first."""
        money = defaultdict(list)
        self.env.cr.execute(
            SQL(
                """
                SELECT partner_id, currency_id, move_id, amount, on_date, is_credit_note
                  FROM (%s) source
                 WHERE amount > 0
                 ORDER BY on_date, move_id
                """,
                plan_credits.money(scope),
            )
        )
        for row in self.env.cr.dictfetchall():
            money[row["partner_id"], row["currency_id"]].append(row)
        return money

    @api.model
    def _get_owed(self, scope, until):
        """Return the open items of a scope, with the part of each that is held, as dicts."""
        self.env.cr.execute(
            SQL(
                """
                WITH item AS (%s), part AS (%s), parted AS (%s)
                SELECT parted.*, currency.rounding::float8::text AS step
                  FROM parted JOIN res_currency currency ON currency.id = parted.currency_id
                """,
                plan_query.open_items(scope),
                plan_holds.part(scope, until),
                plan_holds.parted(),
            )
        )
        # What is no debt takes no credit; money that left is met by money that came back.
        return [
            row
            for row in self.env.cr.dictfetchall()
            if not (row.get("exclusion") or row.get("is_outflow"))
        ]

    @api.model
    def _set_against(self, owed, credits, wanted):
        """Set the money of one customer and currency against his items.

        :param owed: rows of ``_get_owed``
        :param credits: rows of ``_get_money``
        :param set wanted: ids of the items that are asked for
        :return: list of ``Reduction``
        """
        rows = {row["move_line_id"]: row for row in owed}
        allocation = allocate(
            [
                OpenItem(
                    key,
                    row["move_id"],
                    row["due"],
                    *map(to_decimal, (row["residual"], row["held_amount"])),
                )
                for key, row in rows.items()
            ],
            [Credit(to_decimal(credit["amount"]), credit["move_id"]) for credit in credits],
        )
        return [
            Reduction(
                share.key,
                share.amount,
                credits[share.credit]["is_credit_note"],
                rows[share.key]["due"],
                credits[share.credit]["on_date"],
                Decimal(rows[share.key]["step"]),
            )
            for share in allocation.shares
            if share.key in wanted
        ]

    @api.model
    def _get_disputed(self, items, until):
        """Return what of each item is not claimed on a day because it is on hold or disputed.

        A part on hold, whatever its reason, is not claimed; of the whole, a dispute only: a promise
        or a postponement takes nothing off the debt. Each from the day it was put on hold; what is
        released bears interest again, from the first day.

        :return: ``{item id: [core.interest.Event]}``
        """
        events = defaultdict(list)
        if not items:
            return events
        for scope in self._get_open_scopes(items):
            holds = self.env["account.dunning.hold"].sudo()
            current = holds._get_unclaimed(scope["creditor_id"], scope["partner_ids"], until)
            if not current:
                continue
            narrowed = {**scope, "partner_ids": current.partner_id.ids}
            by_partner = current.grouped("partner_id")
            for row in self._get_owed(narrowed, until):
                partner = self.env["res.partner"].browse(row["partner_id"])
                events[row["move_line_id"]] += by_partner[partner]._get_disputed_events(row)
        return events

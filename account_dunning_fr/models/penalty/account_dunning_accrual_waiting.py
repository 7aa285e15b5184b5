from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import api, models

from ...core.checks import FIRST_YEAR
from ...core.credits import OpenItem
from ...core.credits_in_time import Paid, Waiting, allocate_in_time
from ...core.money import round_to_step, to_decimal
from ..plan.query.items import set_against, settled
from .accrual_query import Reduction

# The day from which money counts if it counts from the due date of what it covers.
ALWAYS = date(FIRST_YEAR, 1, 1)


class AccountDunningAccrual(models.AbstractModel):
    """The money that waits to be reconciled with the items: unallocated money of their customer.

    It covers what was open in the books on its day, whatever was reconciled with that later
    (``core.credits_in_time``): settled items count too, and what a later payment settled in its
    place is deducted from that payment. Today it covers what the plan says.
    """

    _inherit = "account.dunning.accrual"

    @api.model
    def _add_waiting_money(self, items, until, booked):
        """Return what reduces the items: reconciliations, and waiting money for what it covers.

        The money goes to the invoice it refers to, or else to the oldest due date (C. civ.
        1342-10), by its day. An open journal item reduces what it will reduce once somebody matches
        it: a loss, or a transfer to a doubtful account, is no payment, neither before nor after.

        :param list booked: ``Reduction`` of these items
        :return: list of ``Reduction``
        """
        wanted, result = set(items.ids), booked
        root_id = items[0].company_id.root_id.id
        for scope in self._get_scopes(items, is_open=False):
            money = self._get_money(scope)
            if not money:
                continue
            creditor = self.env["res.company"].sudo().browse(scope["creditor_id"])
            owed = self._get_owed_since(scope, money, until)
            ids = {row["move_line_id"] for rows in owed.values() for row in rows}
            others = self.env["account.move.line"].sudo().browse(sorted(ids - wanted))
            result += self._get_reductions(others) if others else []
            by_item = defaultdict(list)
            for place, reduction in enumerate(result):
                by_item[reduction.item_id].append(place)
            at_date = creditor.dunning_credit_note_date == "own"
            self._date_money(money, owed, at_date, root_id)
            found = []
            for key, credits in money.items():
                found += self._place(owed[key], credits, result, by_item, at_date)
            result += found
        return [reduction for reduction in result if reduction.item_id in wanted]

    @api.model
    def _get_money(self, scope):
        """Return the waiting money, ``{(partner id, currency id): [row]}``, oldest first."""
        money = defaultdict(list)
        for row in self.env["account.dunning.plan"]._read_sure_money(scope):
            money[row["partner_id"], row["currency_id"]].append(row)
        return money

    @api.model
    def _get_owed_since(self, scope, money, until):
        """Return the items that their customer's money covers or covered: open, or settled since.

        :return: ``{(partner id, currency id): [row]}``, rows of ``_get_owed``
        """
        since = {}
        for (partner_id, _currency_id), credits in money.items():
            day = min(credit["on_date"] for credit in credits)
            since[partner_id] = min(day, since.get(partner_id, day))
        rows = self._get_owed({**scope, "partner_ids": sorted(since)}, until)
        self.env.cr.execute(settled(scope, since))
        owed = defaultdict(list)
        for row in rows + self.env.cr.dictfetchall():
            owed[row["partner_id"], row["currency_id"]].append(row)
        return owed

    @api.model
    def _date_money(self, money, owed, at_date, root_id):
        """Determine from which day each amount counts, if anything is or was owed.

        Adds to the rows of ``_get_money``: ``on``, the day on which it was received; ``start``, the
        day from which it covers anything; ``parts``, the ``Reduction`` records it will consist of
        once reconciled, or None if that is all of it, on one day.

        :param bool at_date: whether credit notes count from their own date
        """
        shares = [
            (owed[key][0]["move_line_id"], credit["source_id"], credit["amount"])
            for key, credits in money.items()
            for credit in credits
            if credit["kind"] == "credit" and owed[key]
        ]
        parts = defaultdict(list)
        for part in self._read_reductions(set_against(shares), root_id) if shares else ():
            parts[part.source_id].append(part)
        for credit in (credit for credits in money.values() for credit in credits):
            credit["on"], credit["parts"] = credit["on_date"], None
            if credit["kind"] == "credit":
                mine = parts[credit["source_id"]]
                if len(mine) == 1 and mine[0].amount == to_decimal(credit["amount"]):
                    credit["on"], credit["is_credit_note"] = mine[0].on, mine[0].is_note
                else:
                    credit["parts"] = mine
            early = credit["parts"] is not None or (credit["is_credit_note"] and not at_date)
            credit["start"] = ALWAYS if early else credit["on"]

    @api.model
    def _place(self, rows, credits, booked, by_item, at_date):
        """Set the money of one customer and currency against his items, day by day.

        What a payment in the books took over from a cover is deducted from it in ``booked``.

        :param rows: rows of ``_get_owed_since``
        :param credits: rows of ``_get_money``, dated
        :param list booked: ``Reduction`` of items; ``by_item`` has the positions of each item's in
            it
        :return: list of ``Reduction``
        """
        rows = {row["move_line_id"]: row for row in rows}
        places = [place for item_id in rows for place in by_item[item_id]]
        for place in places:
            one = booked[place]
            booked[place] = one._replace(amount=round_to_step(one.amount, one.step))
        own_date = rows.keys() if at_date else ()
        placed, freed = allocate_in_time(
            [
                OpenItem(
                    key,
                    row["move_id"],
                    row["due"],
                    *map(to_decimal, (row["residual"], row["held_amount"])),
                )
                for key, row in rows.items()
            ],
            [
                Paid(one.item_id, self._get_day(one, own_date), one.amount)
                for one in map(booked.__getitem__, places)
            ],
            [
                Waiting(credit["start"], to_decimal(credit["amount"]), credit["move_id"])
                for credit in credits
            ],
        )
        in_part = {rank for rank, credit in enumerate(credits) if credit["parts"] is not None}
        for one in freed:
            if one.credit not in in_part:
                place = places[one.paid]
                left = booked[place].amount - one.amount
                booked[place] = booked[place]._replace(amount=left)
        found = [
            self._prepare_cover(one, credits[one.credit], rows[one.key])
            for one in placed
            if one.credit not in in_part
        ]
        return found + self._prepare_parts(placed, freed, credits, rows)

    @api.model
    def _prepare_cover(self, placed, credit, row):
        """Return what an amount covers of an item, as ``Reduction``: since its receipt, or later.

        :param placed: ``core.credits_in_time.Placed``
        """
        is_first = placed.on == credit["start"]
        return Reduction(
            placed.key,
            placed.amount,
            credit["is_credit_note"],
            row["due"] if is_first else None,
            credit["on"] if is_first else placed.on,
            Decimal(row["step"]),
        )

    @api.model
    def _prepare_parts(self, placed, freed, credits, rows):
        """Return how amounts that are only partly payments cover each item today."""
        covered = defaultdict(Decimal)
        for sign, shares in ((1, placed), (-1, freed)):
            for one in shares:
                if credits[one.credit]["parts"]:
                    covered[one.key, one.credit] += sign * one.amount
        return [
            part._replace(
                item_id=key,
                amount=part.amount * amount / to_decimal(credits[rank]["amount"]),
                due=rows[key]["due"],
            )
            for (key, rank), amount in covered.items()
            for part in credits[rank]["parts"]
        ]

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...core.money import ZERO, to_decimal
from ...core.promises import KEPT
from ..plan.query.items import matched, reductions, set_against

# What is reconciled with the items of each promise or instalment: money, by day, and what the books
# gave up since (``plan.query.items``), by the day of the match.
MATCHED = """
    SELECT wanted.key,
           COALESCE(sum(reduction.amount) FILTER (
               WHERE reduction.booked_on BETWEEN wanted.since AND wanted.until), 0),
           COALESCE(sum(reduction.given_up) FILTER (WHERE match.on_day >= wanted.since), 0)
      FROM unnest(%(keys)s, %(items)s, %(since)s, %(until)s)
           AS wanted (key, item_id, since, until)
      JOIN (%(reductions)s) reduction USING (item_id)
      CROSS JOIN LATERAL (
        SELECT max(partial.max_date) AS on_day
          FROM account_partial_reconcile partial
         WHERE partial.debit_move_id = item_id AND partial.credit_move_id = reduction.source_id
      ) match
     WHERE reduction.is_entry
     GROUP BY wanted.key
"""


class Matched(NamedTuple):
    """What is reconciled with items: money that counts, and what was lost or moved to 416 since."""

    received: Decimal = ZERO
    given_up: Decimal = ZERO


class AccountDunningMoneyReceived(models.AbstractModel):
    """What customers have paid of what they promised: few queries, however many promises.

    Credit notes are not money received, nor is what is lost or moved to doubtful customers: the
    rule is that of interest. An unallocated payment counts too, but only once: for the first
    promise.
    """

    _name = "account.dunning.money.received"
    _description = "Money Received since a Promise"

    @api.model
    def _get_received(self, asked, allocated=None):
        """Return what was received for each key asked for.

        :param list asked: tuples ``(key, creditor, partner, currency, items, since, until, most)``;
            ``most`` is the amount (Decimal) beyond which unallocated money goes to the next one
        :param dict allocated: as returned by ``_get_allocated``, where known
        :return: ``{key: Decimal}``
        """
        if not asked:
            return {}
        self.env.flush_all()
        received = defaultdict(lambda: ZERO)
        received |= self._get_allocated(asked) if allocated is None else allocated
        lacking = [one for one in asked if one[-1] > received[one[0]]]
        pool = self._get_pool(lacking)
        for key, creditor, partner, currency, _items, since, until, most in lacking:
            missing = most - received[key]
            for source in pool[creditor.id, partner.id, currency.id]:
                if since <= source["on"] <= until and missing > 0:
                    part = min(missing, source["left"])
                    source["left"] -= part
                    received[key] += part
                    missing -= part
        return received

    @api.model
    def _get_allocated(self, asked):
        """Return the money reconciled with the items of each key asked for, ``{key: Decimal}``."""
        found = {key: one.received for key, one in self._get_matched(asked).items()}
        return defaultdict(lambda: ZERO, found)

    @api.model
    def _get_matched(self, asked):
        """Return what is reconciled with the items of each key asked for, ``{key: Matched}``."""
        found = defaultdict(Matched)
        by_root = defaultdict(list)
        for key, creditor, _partner, currency, items, since, until, _most in asked:
            by_root[creditor.root_id.id] += [
                (key, item.id, since, until, currency.rounding) for item in items
            ]
        for root_id, rows in by_root.items():
            if not rows:
                continue
            keys, items, since, until, _steps = map(list, zip(*rows, strict=True))
            steps = {key: step for key, _item, _since, _until, step in rows}
            query = SQL(
                MATCHED,
                keys=SQL("%s::int[]", keys),
                items=SQL("%s::int[]", items),
                since=SQL("%s::date[]", since),
                until=SQL("%s::date[]", until),
                reductions=reductions(
                    matched(SQL("partial.debit_move_id = ANY (%s::int[])", items)), root_id
                ),
            )
            for key, *amounts in self.env.execute_query(query):
                found[key] = Matched(*(to_decimal(amount, steps[key]) for amount in amounts))
        return found

    @api.model
    def _filter_received(self, partials):
        """Return those of these reconciliations that are money of the customer.

        :param partials: ``account.partial.reconcile`` records
        """
        self.env.flush_all()
        found = set()
        for root, of_root in partials.grouped(lambda one: one.company_id.root_id).items():
            wanted = matched(SQL("partial.id = ANY (%s::int[])", of_root.ids))
            found |= {
                (row[0], row[1])
                for row in self.env.execute_query(
                    SQL(
                        "SELECT item_id, source_id FROM (%s) reduction"
                        " WHERE is_entry AND amount > 0",
                        reductions(wanted, root.id),
                    )
                )
            }
        return partials.filtered(lambda one: (one.debit_move_id.id, one.credit_move_id.id) in found)

    @api.model
    def _get_pool(self, asked):
        """Return the customers' unallocated money, oldest first, to be used up."""
        pool = defaultdict(list)
        partners = defaultdict(set)
        for _key, creditor, partner, *_rest in asked:
            partners[creditor].add(partner.id)
        plan = self.env["account.dunning.plan"].sudo()
        for creditor, partner_ids in partners.items():
            # Including customers who owe nothing any more: they may still have paid what they
            # promised.
            scope = plan._begin_scope(creditor, self.env["res.partner"].browse(partner_ids))
            rows = [row for row in plan._read_sure_money(scope) if not row["is_credit_note"]]
            counted = self._count_credits(rows, creditor.root_id.id)
            for row in rows:
                left = to_decimal(row["amount"])
                if row["kind"] == "credit":
                    left = counted[row["source_id"]]
                pool[creditor.id, row["partner_id"], row["currency_id"]].append(
                    {"on": row["on_date"], "left": left}
                )
        return pool

    @api.model
    def _count_credits(self, rows, root_id):
        """Return how much of each open credit is money, as it will be once matched.

        :param list rows: of ``_read_sure_money``
        :return: ``{id of a journal item: Decimal}``
        """
        counted = defaultdict(lambda: ZERO)
        shares = [
            (row["source_id"], row["source_id"], row["amount"])
            for row in rows
            if row["kind"] == "credit"
        ]
        if shares:
            query = SQL(
                "SELECT source_id, amount, step FROM (%s) reduction",
                reductions(set_against(shares), root_id),
            )
            for source_id, amount, step in self.env.execute_query(query):
                counted[source_id] += to_decimal(amount, Decimal(step))
        return counted

    @api.model
    def _tell_lost(self, lost):
        """Review kept agreements after money that is not reconciled with their items is gone.

        An agreement is affected only if all this money together made the difference: whatever was
        kept by other money, or settled since, stays kept.

        :param list lost: tuples ``(creditor, partner, currency, day, amount)``
        """
        if not lost:
            return
        moneys = defaultdict(list)
        for creditor, partner, currency, on, amount in lost:
            moneys[creditor, partner, currency].append((on, amount))
        partner_ids = [partner.id for _creditor, partner, _currency in moneys]
        domain = [("partner_id", "in", partner_ids), ("state", "=", KEPT)]
        promises = self.env["account.dunning.promise"].sudo()
        for agreements in (promises, self.env["account.dunning.payment.plan"].sudo()):
            gone = {}
            for kept in agreements.search(domain):
                first, last = kept._get_counted_days()
                of_customer = moneys.get((kept.company_id, kept.partner_id, kept.currency_id), ())
                in_time = [amount for on, amount in of_customer if first <= on <= last]
                if in_time:
                    gone[kept] = sum(in_time, ZERO)
            agreements.union(*gone)._was_kept_by(gone)._follow_lost_money()

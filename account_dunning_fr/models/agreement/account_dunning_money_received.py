from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...core.money import ZERO, to_decimal
from ...core.promises import KEPT

# Money reconciled with the items of each promise or instalment, by day.
ALLOCATED = """
    SELECT wanted.key, sum(partial.debit_amount_currency)
      FROM unnest(%(keys)s, %(items)s, %(since)s, %(until)s)
           AS wanted (key, item_id, since, until)
      JOIN account_partial_reconcile partial ON partial.debit_move_id = wanted.item_id
      JOIN account_move_line credit ON credit.id = partial.credit_move_id
      JOIN account_move move ON move.id = credit.move_id
     WHERE move.move_type = 'entry'
       AND credit.date BETWEEN wanted.since AND wanted.until
       AND NOT EXISTS (
        SELECT FROM account_partial_reconcile exchange
         WHERE exchange.exchange_move_id = move.id
     )
     GROUP BY wanted.key
"""


class AccountDunningMoneyReceived(models.AbstractModel):
    """What customers have paid of what they promised: two queries, however many promises.

    Credit notes are not money received. An unallocated payment counts too, but only once: for the
    first promise.
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
        """Return what is reconciled with the items of each key asked for, ``{key: Decimal}``."""
        rows = [
            (key, item.id, since, until)
            for key, _creditor, _partner, _currency, items, since, until, _most in asked
            for item in items
        ]
        received = defaultdict(lambda: ZERO)
        if rows:
            keys, items, since, until = (list(column) for column in zip(*rows, strict=True))
            query = SQL(
                ALLOCATED,
                keys=SQL("%s::int[]", keys),
                items=SQL("%s::int[]", items),
                since=SQL("%s::date[]", since),
                until=SQL("%s::date[]", until),
            )
            for key, amount in self.env.execute_query(query):
                received[key] = to_decimal(amount)
        return received

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
            for row in plan._read_sure_money(scope):
                if not row["is_credit_note"]:
                    pool[creditor.id, row["partner_id"], row["currency_id"]].append(
                        {"on": row["on_date"], "left": to_decimal(row["amount"])}
                    )
        return pool

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

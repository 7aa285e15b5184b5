from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..core.money import ZERO

# Money set against the items of each promise or instalment, by day.
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

# Money of the customers not yet set against anything.
UNALLOCATED = """
    SELECT partner.commercial_partner_id, credit.currency_id, credit.date,
           -credit.amount_residual_currency
      FROM account_move_line credit
      JOIN account_move move ON move.id = credit.move_id
      JOIN account_account account ON account.id = credit.account_id
      JOIN res_partner partner ON partner.id = credit.partner_id
     WHERE account.account_type = 'asset_receivable' AND credit.reconciled IS NOT TRUE
       AND credit.parent_state = 'posted' AND credit.amount_residual_currency < 0
       AND move.move_type = 'entry' AND credit.company_id IN %(companies)s
       AND partner.commercial_partner_id IN %(partners)s
     UNION ALL
    SELECT partner.commercial_partner_id, COALESCE(line.foreign_currency_id, line.currency_id),
           move.date, round(abs(line.amount_residual)::numeric, 6)
      FROM account_bank_statement_line line
      JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
      JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.is_reconciled IS NOT TRUE AND line.amount > 0
       AND line.company_id IN %(companies)s
       AND partner.commercial_partner_id IN %(partners)s
     ORDER BY 3
"""


class AccountDunningReceived(models.AbstractModel):
    """What customers paid of what they promised: two queries, whatever the number of promises.

    Credit notes are no money received. A payment not yet allocated counts too, once: for the
    promise that comes first.
    """

    _name = "account.dunning.received"
    _description = "Money Received since a Promise"

    @api.model
    def _get_received(self, asked):
        """Return what was received for each thing asked for.

        :param list asked: tuples ``(key, creditor, partner, currency, items, since, until, most)``;
            ``most`` is the amount (Decimal) beyond which unallocated money goes to the next one
        :return: ``{key: Decimal}``
        """
        if not asked:
            return {}
        self.env.flush_all()
        received = self._get_allocated(asked)
        pool = self._get_pool(asked)
        for key, creditor, partner, currency, _items, since, until, most in asked:
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
                received[key] = Decimal(str(amount))
        return received

    @api.model
    def _get_pool(self, asked):
        """Return the customers' unallocated money, the oldest first, to be used up."""
        pool = defaultdict(list)
        partners = defaultdict(set)
        for _key, creditor, partner, *_rest in asked:
            partners[creditor].add(partner.id)
        for creditor, partner_ids in partners.items():
            query = SQL(
                UNALLOCATED,
                companies=tuple(creditor._get_dunning_companies().ids),
                partners=tuple(partner_ids),
            )
            for partner_id, currency_id, on, amount in self.env.execute_query(query):
                pool[creditor.id, partner_id, currency_id].append(
                    {"on": on, "left": Decimal(str(amount))}
                )
        return pool

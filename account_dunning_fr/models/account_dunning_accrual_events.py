from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..core.interest import Event
from ..core.money import to_cents

DOUBTFUL_CODE = "416%"  # PCG 416 « Clients douteux ou litigieux »
LOST_CODE = "654%"  # PCG 654 « Pertes sur créances irrécouvrables »

# One row per reconciliation: the item, the amount in its currency, the kind of document, the day.
# An item moved to a doubtful account is reduced by what is received there, in proportion. An entry
# that writes something off counts for the money in it only.
EVENTS_QUERY = """
    WITH direct AS (
        SELECT partial.debit_move_id AS item_id,
               partial.credit_move_id AS credit_id,
               partial.debit_amount_currency AS amount
          FROM account_partial_reconcile partial
         WHERE partial.debit_move_id IN %(items)s
           AND partial.debit_move_id BETWEEN %(first)s AND %(last)s
    ), settled AS (
        SELECT * FROM direct
         UNION ALL
        SELECT direct.item_id, received.credit_move_id,
               direct.amount * received.amount / transfer.total
          FROM direct
          JOIN account_move_line credit ON credit.id = direct.credit_id
          JOIN account_move_line moved ON moved.move_id = credit.move_id AND moved.debit > 0
          JOIN account_account account ON account.id = moved.account_id
           AND account.code_store ->> %(root)s LIKE %(doubtful)s
          JOIN account_partial_reconcile received ON received.debit_move_id = moved.id
          JOIN LATERAL (
            SELECT sum(line.debit) AS total
              FROM account_move_line line
             WHERE line.move_id = moved.move_id
          ) transfer ON TRUE
    )
    SELECT settled.item_id, settled.amount * COALESCE(written_off.received, 1),
           move.move_type, item.date_maturity, COALESCE(bank.date, move.date)
      FROM settled
      JOIN account_move_line item ON item.id = settled.item_id
      JOIN account_move_line credit ON credit.id = settled.credit_id
      JOIN account_move move ON move.id = credit.move_id
      JOIN account_journal journal ON journal.id = move.journal_id
      LEFT JOIN LATERAL (
        SELECT max(bank_move.date) AS date
          FROM account_move_line outstanding
          JOIN account_partial_reconcile matched ON matched.debit_move_id = outstanding.id
          JOIN account_move_line bank_line ON bank_line.id = matched.credit_move_id
          JOIN account_move bank_move ON bank_move.id = bank_line.move_id
         WHERE outstanding.move_id = move.id AND outstanding.id <> credit.id
           AND move.origin_payment_id IS NOT NULL
           AND bank_move.statement_line_id IS NOT NULL
      ) bank ON TRUE
      LEFT JOIN LATERAL (
        SELECT sum(CASE WHEN account.account_type IN ('asset_cash', 'asset_current')
                         AND account.code_store ->> %(root)s NOT LIKE %(doubtful)s
                        THEN line.debit ELSE 0 END) / sum(line.debit) AS received
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
         WHERE line.move_id = move.id AND line.debit > 0 AND move.move_type = 'entry'
        HAVING bool_or(account.code_store ->> %(root)s LIKE ANY (%(lost)s)
                       OR journal.type = 'general' AND account.account_type LIKE 'expense%%')
      ) written_off ON TRUE
     WHERE NOT EXISTS (
        SELECT FROM account_partial_reconcile exchange
         WHERE exchange.exchange_move_id = move.id
     )
"""


class AccountDunningAccrual(models.AbstractModel):
    """What reduced the debt of each item, and when, by the books."""

    _inherit = "account.dunning.accrual"

    @api.model
    def _get_events(self, items):
        """Return what reduced each item, by the books.

        A payment counts on the day of its bank line, else on its own; a credit note on the due date
        (prudent), or on its own date where the creditor says so. One that covers the whole item
        always counts on the due date: a fully credited invoice owes nothing. Exchange differences
        are left out, and so are write-offs and transfers to a doubtful account: neither is money
        received, so interest goes on.

        :return: ``{item id: [core.interest.Event]}``
        """
        events = defaultdict(list)
        if not items:
            return events
        rows = self.env.execute_query(
            SQL(
                EVENTS_QUERY,
                items=tuple(items.ids),
                first=min(items.ids),
                last=max(items.ids),
                root=str(items[0].company_id.root_id.id),
                doubtful=DOUBTFUL_CODE,
                lost=[DOUBTFUL_CODE, LOST_CODE],
            )
        )
        own_date = self._get_items_credited_at_date(items, rows)
        for item_id, amount, move_type, due, on in rows:
            is_credit_note = move_type == "out_refund"
            events[item_id].append(
                Event(
                    due if is_credit_note and item_id not in own_date else on,
                    to_cents(Decimal(str(amount))),
                    "credit_note" if is_credit_note else "payment",
                )
            )
        return events

    @api.model
    def _get_items_credited_at_date(self, items, rows):
        """Return the ids of the items whose credit notes count from their own date.

        :param rows: what reduced the items, as the query gives it
        """
        credited = defaultdict(float)
        for item_id, amount, move_type, _due, _on in rows:
            if move_type == "out_refund":
                credited[item_id] += amount
        return {
            item.id
            for item in items.browse(credited)
            if item.company_id.dunning_creditor_id.dunning_credit_note_date == "own"
            and item.currency_id.compare_amounts(credited[item.id], item.amount_currency) < 0
        }

    @api.model
    def _get_settled_on(self, principal, events):
        """Return the day on which payments and credit notes covered a principal, or None."""
        left = principal
        for event in sorted(events, key=lambda event: event.on):
            left -= event.amount
            if left <= 0:
                return event.on
        return None

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

# The customers of items, by company; only of items that are not settled.
CUSTOMERS_QUERY = """
    SELECT item.company_id, array_agg(DISTINCT partner.commercial_partner_id)
      FROM account_move_line item
      JOIN res_partner partner ON partner.id = item.partner_id
     WHERE item.id = ANY (%(items)s) AND item.id BETWEEN %(first)s AND %(last)s
       AND item.parent_state = 'posted' AND %(is_open)s
     GROUP BY item.company_id
"""
OPEN = SQL("item.reconciled IS NOT TRUE")
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
    """What reduces an item, according to the books.

    :param amount: in the item's currency, not rounded yet
    :param due: due date of the item
    :param on: day of the payment, the entry or the credit note
    :param step: smallest amount of the currency
    :param source_id: the journal item reconciled with it, if any
    """

    item_id: int
    amount: Decimal
    is_note: bool
    due: date | None
    on: date
    step: Decimal
    source_id: int | None = None


# The requested items and the other instalments of their invoices, each with everything on which its
# interest and indemnity depend. The rate terms are the first found: the invoice's, the customer's,
# or else the creditor's (``account.move._get_dunning_terms`` does the same for one invoice). The
# bounds say what PostgreSQL cannot tell from a list of ids: in a ledger of millions these thousands
# of neighbours are found by index, where it would otherwise read the whole table once per chunk.
# OFFSET keeps the other instalments a lookup of one invoice at a time: without statistics, after an
# import, PostgreSQL would compare each requested item with all items of the ledger.
FACTS_QUERY = """
    WITH asked AS MATERIALIZED (
        SELECT line.id, line.move_id,
               move.move_type IN ('out_invoice', 'out_refund', 'out_receipt') AS is_invoice
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
         WHERE line.id = ANY (%(items)s) AND line.id BETWEEN %(first)s AND %(last)s
    ), wanted AS (
        SELECT id FROM asked
         UNION
        SELECT sibling.id
          FROM asked
         CROSS JOIN LATERAL (
            SELECT line.id, line.account_id, line.date_maturity, line.dunning_penalty_id
              FROM account_move_line line
             WHERE line.move_id = asked.move_id
            OFFSET 0
         ) sibling
          JOIN account_account account ON account.id = sibling.account_id
         WHERE asked.is_invoice AND %(receivable)s
           AND sibling.date_maturity IS NOT NULL AND sibling.dunning_penalty_id IS NULL
    )
    SELECT item.id, item.move_id, document.is_invoice, item.company_id, item.parent_state,
           -- Nothing is late before the invoice exists, nor before the customer has it.
           CASE WHEN document.is_invoice
                THEN GREATEST(item.date_maturity, move.invoice_date, move.dunning_received_on)
                WHEN journal.type = 'sale' THEN COALESCE(item.date_maturity, item.date)
                ELSE item.date_maturity END,
           item.amount_currency::text, item.balance > 0,
           customer.dunning_regime,
           COALESCE(move.dunning_retention, 0) <> 0 AND debtor.dunning_regime = 'b2g',
           CASE WHEN move.dunning_rate_type IS NOT NULL
                THEN ARRAY[move.dunning_rate_type, move.dunning_rate_percent::text,
                           move.dunning_rate_multiple::text]
                WHEN debtor.dunning_rate_type IS NOT NULL
                THEN ARRAY[debtor.dunning_rate_type, debtor.dunning_rate_percent::text,
                           debtor.dunning_rate_multiple::text]
            END,
           currency.rounding::float8::text,
           NOT document.is_invoice AND journal.type IN ('bank', 'cash', 'credit'),
           COALESCE(move.dunning_not_received, FALSE)
      FROM wanted
      JOIN account_move_line item ON item.id = wanted.id
      JOIN account_move move ON move.id = item.move_id
      JOIN account_journal journal ON journal.id = move.journal_id
      JOIN res_currency currency ON currency.id = item.currency_id
     CROSS JOIN LATERAL (
        SELECT move.move_type IN ('out_invoice', 'out_refund', 'out_receipt') AS is_invoice
      ) document
      LEFT JOIN res_partner partner ON partner.id = item.partner_id
      LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
      LEFT JOIN res_partner debtor ON debtor.id = move.commercial_partner_id
     ORDER BY item.id
"""


class Fact(NamedTuple):
    """What the penalties of one item depend on, besides what has reduced it.

    :param due: last day that is not late: the due date, or the day of the invoice if that is later;
        if its e-invoice was rejected at first, not before the customer received it
    :param principal: what bears interest before any payment, in the item's currency
    :param terms: rate type, percentage and multiple of the invoice or its customer; None if the
        creditor's apply
    :param step: smallest amount of the item's currency
    :param is_returned: money that left through the bank (a returned payment, a refund): no invoice
        of ours determines what is late
    :param not_received: the customer never received the invoice: no day is late
    """

    id: int
    move_id: int
    is_invoice: bool
    company_id: int
    state: str
    due: date | None
    principal: Decimal
    is_debt: bool
    regime: str | None
    has_retention: bool
    terms: list | None
    step: Decimal
    is_returned: bool
    not_received: bool

    @property
    def owes_nothing(self):
        """Whether only its principal can be owed: cancelled, no invoice, or never received."""
        return self.state == "cancel" or self.is_returned or self.not_received

    @property
    def invoice(self):
        """The invoice it belongs to; an item of another entry counts as an invoice of its own."""
        return self.move_id if self.is_invoice else f"item {self.id}"

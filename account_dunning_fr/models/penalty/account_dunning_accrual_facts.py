from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

# The items asked for and the other instalments of their invoices, each with all that its interest
# and its indemnity depend on. The rate terms are those of the first that has any: the invoice, the
# customer, else the creditor (``account.move._get_dunning_terms`` says the same of one invoice).
# The bounds say what a list of identifiers does not tell PostgreSQL: in a ledger of millions these
# thousands of neighbours are found by index, where it would read the whole table once a chunk.
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
          JOIN account_move_line sibling ON sibling.move_id = asked.move_id
          JOIN account_account account ON account.id = sibling.account_id
         WHERE asked.is_invoice AND account.account_type = 'asset_receivable'
           AND sibling.date_maturity IS NOT NULL AND sibling.dunning_penalty_id IS NULL
    )
    SELECT item.id, item.move_id, document.is_invoice, item.company_id, item.parent_state,
           -- Nothing is late before the invoice exists.
           CASE WHEN document.is_invoice THEN GREATEST(item.date_maturity, move.invoice_date)
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
           NOT document.is_invoice AND journal.type IN ('bank', 'cash', 'credit')
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
    """What the penalties of one item depend on, beside what reduced it.

    :param due: last day that is not late: the due date, or the day of the invoice where that is
        later
    :param principal: what bears interest before any payment, in the item's currency
    :param terms: rate type, percentage and multiple of the invoice or its customer; None where
        the creditor's apply
    :param step: smallest amount of the item's currency
    :param is_returned: money that left by the bank (a payment taken back, a sum given back): no
        invoice of ours says what is late
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

    @property
    def invoice(self):
        """The invoice it belongs to; an item of an entry that is none stands for one of its own."""
        return self.move_id if self.is_invoice else f"item {self.id}"


class AccountDunningAccrual(models.AbstractModel):
    """What the computation starts from, read as plain values: no record for each item."""

    _inherit = "account.dunning.accrual"

    @api.model
    def _get_facts(self, items):
        """Return the facts of items and of the other instalments of their invoices.

        :param items: ``account.move.line`` records
        :return: ``{item id: Fact}``, in the order of the identifiers
        """
        if not items:
            return {}
        items.check_access("read")
        self.env.flush_all()
        facts = {}
        ids = items.ids
        query = SQL(FACTS_QUERY, items=ids, first=min(ids), last=max(ids))
        for row in self.env.execute_query(query):
            fact = Fact(*row[:6], Decimal(row[6]), *row[7:11], Decimal(row[11]), row[12])
            if fact.has_retention:
                item = self.env["account.move.line"].browse(fact.id)
                fact = fact._replace(principal=item._get_dunning_principal())
            facts[fact.id] = fact
        return facts

    @api.model
    def _get_schedule(self, fact, table, terms):
        """Return the schedule of rates that applies to an item.

        :param fact: its facts; ``regime`` is known
        :param table: ``core.rates.RateTable``
        :param dict terms: the schedules of professionals found so far, which this completes
        :return: ``core.rates.RateSchedule``
        """
        key = tuple(fact.terms) if fact.terms else fact.company_id
        if fact.regime == "b2b" and key in terms:
            return terms[key]
        item = self.env["account.move.line"].browse(fact.id)
        schedule = item._get_dunning_schedule(table, fact.regime, fact.due)
        if fact.regime == "b2b":
            terms[key] = schedule
        return schedule

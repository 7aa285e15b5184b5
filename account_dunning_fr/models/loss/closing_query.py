"""What a closing reads from the books of one company, each in one query for all customers.

The codes are those of the PCG; a company may have several accounts under each code.
"""

from odoo.tools import SQL

from ..common.ledger_query import get_fields
from ..notice.formal_notice import STANDS_SQL

DOUBTFUL, DEPRECIATION = "416", "491"
CHARGE, REVERSAL = "68174", "78174"
LOSS, EARLIER_LOSS, RECOVERED = "6541", "6544", "7583"

# What the balances of accounts read.
READ_FOR_BALANCES = {
    "account.move.line": [
        *("account_id", "partner_id", "company_id", "parent_state", "balance"),
        *("amount_currency", "dunning_moved_item_id"),
    ],
    "account.account": ["code_store"],
    "res.partner": ["commercial_partner_id"],
}
# The open items and the money not yet allocated, the oldest due first; penalties are left out.
ITEMS = """
    SELECT item.move_line_id, item.move_id, item.partner_id, item.currency_id, item.account_id,
           item.date_maturity, item.residual, item.residual_currency, item.is_paid_out
      FROM (%(open_items)s) item
      JOIN account_move_line line ON line.id = item.move_line_id
     WHERE line.dunning_penalty_id IS NULL AND item.partner_id IS NOT NULL
     ORDER BY item.partner_id, item.date_maturity, item.move_line_id
"""
# The taxes of invoices; a tax that nets to zero (reverse charge) is left out.
TAXES = """
    SELECT line.move_id, line.tax_line_id, tax.tax_exigibility = 'on_payment' AS waits,
           -sum(line.balance) AS amount, move.amount_total_signed AS total
      FROM account_move_line line
      JOIN account_tax tax ON tax.id = line.tax_line_id
      JOIN account_move move ON move.id = line.move_id
       AND move.move_type IN ('out_invoice', 'out_receipt')
     WHERE line.move_id IN %(moves)s
     GROUP BY line.move_id, line.tax_line_id, tax.tax_exigibility, move.amount_total_signed
    HAVING sum(line.balance) <> 0
"""
# The balance of an account for each customer, prepared (draft) entries included.
BOOKED = """
    SELECT partner.commercial_partner_id, sum(line.balance)
      FROM account_move_line line
      JOIN res_partner partner ON partner.id = line.partner_id
      JOIN account_account account ON account.id = line.account_id
       AND account.code_store ->> %(root)s LIKE %(code)s
     WHERE line.company_id = %(company)s AND line.parent_state IN ('draft', 'posted')
       AND %(partners)s
     GROUP BY 1 HAVING sum(line.balance) <> 0
"""
# How much of each item was moved to an account.
MOVED = """
    SELECT line.dunning_moved_item_id, item.partner_id, sum(line.balance),
           sum(line.amount_currency)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
       AND account.code_store ->> %(root)s LIKE %(code)s
      JOIN (SELECT origin.id, partner.commercial_partner_id AS partner_id
              FROM account_move_line origin
              JOIN res_partner partner ON partner.id = origin.partner_id) item
        ON item.id = line.dunning_moved_item_id
     WHERE line.dunning_moved_item_id IS NOT NULL AND line.company_id = %(company)s
       AND line.parent_state IN ('draft', 'posted')
     GROUP BY 1, 2
"""
# The share of each claim that was VAT and has already been recovered.
RELIEVED = """
    SELECT line.move_line_id, sum(line.vat) / max(line.claim)
      FROM account_dunning_vat_relief_line line
      JOIN account_dunning_vat_relief relief ON relief.id = line.relief_id
     WHERE relief.state = 'booked' AND relief.company_id = %(company)s AND line.claim > 0
     GROUP BY line.move_line_id
"""
# What is known of a customer on the day: ground and since when. The latest of each ground counts.
FACTS = f"""
    SELECT DISTINCT ON (partner_id, ground) partner_id, ground, since FROM (
        SELECT partner_id,
               CASE WHEN liquidation_on <= %(day)s THEN 'liquidation' ELSE kind END AS ground,
               CASE WHEN liquidation_on <= %(day)s THEN liquidation_on
                    ELSE date_opening END AS since
          FROM account_dunning_insolvency
         WHERE company_id = %(creditor)s AND state <> 'cancelled' AND date_opening <= %(day)s
         UNION ALL
        -- The day on which the file was made has the creditor's midnight, not that of UTC.
        SELECT partner_id, 'court', made.day
          FROM account_dunning_case
          CROSS JOIN LATERAL (
            SELECT (create_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date) made (day)
         WHERE company_id = %(creditor)s AND state NOT IN ('preparation', 'closed')
           AND made.day <= %(day)s
         UNION ALL
        SELECT notice.partner_id, 'formal_notice', notice.deadline
          FROM account_dunning_notice notice
         WHERE notice.company_id = %(creditor)s AND notice.kind = 'formal_notice'
           AND notice.state = 'sent' AND notice.deadline < %(day)s
           AND EXISTS (SELECT FROM account_dunning_notice_line claimed, account_move_line line
                        WHERE {STANDS_SQL} AND line.reconciled IS NOT TRUE)
         UNION ALL
        SELECT partner_id, 'dispute', date_open
          FROM account_dunning_dispute
         WHERE company_id = %(creditor)s AND date_open <= %(day)s
           AND (closed_on IS NULL OR closed_on > %(day)s)
    ) fact
     ORDER BY partner_id, ground, since DESC
"""


def of_partners(partners):
    """Return the condition selecting these customers in a table ``partner``; None selects all."""
    if partners is None:
        return SQL("TRUE")
    return SQL("partner.commercial_partner_id IN %s", tuple(partners.ids) or (0,))


def booked(company, code, partners=None):
    """Return the balance of the accounts of a code, by customer: ``(partner_id, balance)``."""
    return SQL(
        BOOKED,
        root=str(company.root_id.id),
        code=f"{code}%",
        company=company.id,
        partners=of_partners(partners),
        to_flush=get_fields(company.env, READ_FOR_BALANCES),
    )


def moved(company, code):
    """Return how much of each item is on the accounts of a code.

    :return: ``SQL`` selecting item, customer, balance, amount in the item's currency
    """
    return SQL(
        MOVED,
        root=str(company.root_id.id),
        code=f"{code}%",
        company=company.id,
        to_flush=get_fields(company.env, READ_FOR_BALANCES),
    )

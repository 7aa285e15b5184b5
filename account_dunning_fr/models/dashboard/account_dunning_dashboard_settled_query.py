"""The reconciliations of the last months, for the figures of the dashboard."""

from odoo.tools import SQL

from .account_dunning_dashboard_filters import converted, kept

# What is read of an item by its number: named, so that the rest of a wide table is not.
COLUMNS = SQL(
    "account_id, company_id, currency_id, date, date_maturity, journal_id, parent_state, partner_id"
)


def settled(scope):
    """The reconciliations of the last months, both sides of each; money or not.

    The items they settle are read once, for the delays, the receipts and the opening; ``OFFSET 0``
    keeps PostgreSQL from reading the whole ledger rather than these items by their numbers.
    """
    return SQL(
        """
        SELECT %(amount)s AS amount, partial.max_date AS on_day,
               credit.journal_id IN %(journals)s AS is_money,
               debtor.commercial_partner_id AS partner_id,
               debit.date AS debit_date, COALESCE(debit.date_maturity, debit.date) AS debit_due,
               credit.date AS credit_date,
               COALESCE(credit.date_maturity, credit.date) AS credit_due,
               debit.account_id IN %(accounts)s AND %(debit_kept)s AS debit_kept,
               credit.account_id IN %(accounts)s AND %(credit_kept)s AS credit_kept
          FROM account_partial_reconcile partial
          CROSS JOIN LATERAL (
            SELECT %(columns)s FROM account_move_line WHERE id = partial.debit_move_id OFFSET 0
          ) debit
          CROSS JOIN LATERAL (
            SELECT %(columns)s FROM account_move_line WHERE id = partial.credit_move_id OFFSET 0
          ) credit
          LEFT JOIN res_partner debtor ON debtor.id = debit.partner_id
          LEFT JOIN res_partner debit_partner ON debit_partner.id = debtor.commercial_partner_id
          LEFT JOIN res_partner payer ON payer.id = credit.partner_id
          LEFT JOIN res_partner credit_partner ON credit_partner.id = payer.commercial_partner_id
         WHERE partial.max_date > %(since)s AND partial.max_date <= %(as_of)s
           AND debit.parent_state = 'posted' AND debit.company_id IN %(companies)s
           AND credit.parent_state = 'posted' AND credit.company_id IN %(companies)s
           AND (debit.account_id IN %(accounts)s OR credit.account_id IN %(accounts)s)
        """,
        columns=COLUMNS,
        amount=converted(scope, SQL("partial.amount"), "debit"),
        journals=scope["money_journal_ids"],
        accounts=scope["account_ids"],
        since=scope["paid_since"],
        as_of=scope["as_of"],
        companies=scope["company_ids"],
        debit_kept=kept(scope, SQL("debit_partner"), SQL("debit.currency_id")),
        credit_kept=kept(scope, SQL("credit_partner"), SQL("credit.currency_id")),
    )


def habit():
    """How many days late each customer pays, weighted by the amounts."""
    return SQL(
        """
        SELECT partner_id,
               round(sum((credit_date - debit_due) * amount) / sum(amount))::int AS days
          FROM settled WHERE is_money AND debit_kept AND partner_id IS NOT NULL
         GROUP BY partner_id HAVING sum(amount) > 0
        """
    )

from odoo import api, models
from odoo.tools import SQL

# What is open today, with the reconciliations of later days undone: on a large ledger most items
# were settled before the day, and are never read.
OPEN_ITEMS = """
    WITH undone AS (
        SELECT side.item_id, sum(side.amount) AS amount, sum(side.in_currency) AS in_currency
          FROM (
            SELECT partial.debit_move_id AS item_id,
                   partial.amount,
                   partial.debit_amount_currency AS in_currency
              FROM account_partial_reconcile partial
             WHERE partial.max_date > %(as_of)s OR %(across)s
             UNION ALL
            SELECT partial.credit_move_id, -partial.amount, -partial.credit_amount_currency
              FROM account_partial_reconcile partial
             WHERE partial.max_date > %(as_of)s OR %(across)s
          ) side
         GROUP BY side.item_id
    ), line AS (
        SELECT open.*
          FROM account_move_line open
         WHERE open.account_id IN %(accounts)s AND open.reconciled IS NOT TRUE
         UNION ALL
        SELECT settled.*
          FROM undone
          JOIN account_move_line settled ON settled.id = undone.item_id
         WHERE settled.account_id IN %(accounts)s AND settled.reconciled IS TRUE
    )
    SELECT line.id AS move_line_id,
           line.move_id,
           partner.commercial_partner_id AS partner_id,
           line.account_id,
           line.currency_id,
           line.company_id,
           line.date,
           COALESCE(line.date_maturity, line.date) AS date_maturity,
           line.amount_residual + COALESCE(undone.amount, 0) AS residual,
           line.amount_residual_currency + COALESCE(undone.in_currency, 0) AS residual_currency
      FROM line
      LEFT JOIN undone ON undone.item_id = line.id
      LEFT JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.company_id IN %(companies)s
       AND line.parent_state = 'posted'
       AND line.date <= %(as_of)s
       AND %(partners)s
       AND (line.amount_residual + COALESCE(undone.amount, 0) <> 0
            OR line.amount_residual_currency + COALESCE(undone.in_currency, 0) <> 0)
"""
# Within a group, a debt of one creditor may be set against money received by another: it stays
# open in the books of each.
ACROSS = """
    partial.id IN (
        SELECT shared.id
          FROM account_partial_reconcile shared
          JOIN account_move_line debit ON debit.id = shared.debit_move_id
          JOIN account_move_line credit ON credit.id = shared.credit_move_id
         WHERE debit.company_id <> credit.company_id
           AND (debit.company_id IN %(companies)s) <> (credit.company_id IN %(companies)s)
    )
"""


class AccountDunningBalance(models.AbstractModel):
    """What customers owed on any day, past days included, from the dates of the reconciliations.

    How it works: a reconciliation counts from the later date of its two items
    (``account.partial.reconcile.max_date``), so that each one takes the same amount off a debit and
    off a credit of the same day or earlier. The items therefore add up to the balance of their
    accounts on that day, to the cent; an exchange difference counts from the date of its own entry.
    """

    _name = "account.dunning.balance"
    _description = "Open Items on a Day"

    @api.model
    def _get_open_items_query(self, companies, as_of, partners=None, accounts=None):
        """Return the query of the receivable items open at the end of a day, one row an item.

        Columns: ``move_line_id``, ``move_id``, ``partner_id`` (commercial, may be null),
        ``account_id``, ``currency_id``, ``company_id``, ``date``, ``date_maturity`` (else the
        date), ``residual`` (company's currency, negative for a credit) and ``residual_currency``.
        Rights are those of who runs it: check them first. To be used as a sub-query.

        :param companies: ``res.company`` records whose books are read
        :param date as_of: last day that counts
        :param partners: only these customers
        :param accounts: these accounts; by default the receivable ones
        :return: ``odoo.tools.SQL``
        """
        self.env.flush_all()
        company_ids = tuple(companies.ids) or (0,)
        across = SQL("FALSE")
        if self._has_other_companies(companies):
            across = SQL(ACROSS, companies=company_ids)
        return SQL(
            OPEN_ITEMS,
            as_of=as_of,
            across=across,
            companies=company_ids,
            accounts=self._get_accounts_sql(accounts),
            partners=self._get_partners_sql(partners),
        )

    @api.model
    def _get_ledger_balance(self, companies, as_of, partners=None, accounts=None):
        """Return the balance of the receivable accounts at the end of a day, from their items.

        :return: float, in the company's currency
        """
        self.env.flush_all()
        [(balance,)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(sum(line.balance), 0)
                  FROM account_move_line line
                  LEFT JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE line.account_id IN %s AND line.company_id IN %s
                   AND line.parent_state = 'posted' AND line.date <= %s AND %s
                """,
                self._get_accounts_sql(accounts),
                tuple(companies.ids) or (0,),
                as_of,
                self._get_partners_sql(partners),
            )
        )
        return float(balance)

    @api.model
    def _get_accounts_sql(self, accounts):
        if accounts is None:
            return SQL("(SELECT id FROM account_account WHERE account_type = 'asset_receivable')")
        return SQL("%s", tuple(accounts.ids) or (0,))

    @api.model
    def _get_partners_sql(self, partners):
        if partners is None:
            return SQL("TRUE")
        ids = tuple(partners.commercial_partner_id.ids) or (0,)
        return SQL("partner.commercial_partner_id IN %s", ids)

    @api.model
    def _has_other_companies(self, companies):
        """Tell whether items of these companies may be reconciled with those of others."""
        family = self.env["res.company"].sudo().search([("id", "child_of", companies.root_id.ids)])
        return bool(family - companies)

from odoo import api, models
from odoo.tools import SQL

from .ledger_query import over_the_ledger

# What does not count on that day although today's residual deducts it: later reconciliations, and
# those with an entry still in draft.
UNDONE = """
    SELECT debit_move_id, credit_move_id, amount, debit_amount_currency, credit_amount_currency
      FROM account_partial_reconcile WHERE max_date > %(as_of)s
     UNION ALL
    SELECT partial.debit_move_id, partial.credit_move_id, partial.amount,
           partial.debit_amount_currency, partial.credit_amount_currency
      FROM account_move move
      JOIN account_move_line line ON line.move_id = move.id
      JOIN account_partial_reconcile partial
        ON line.id IN (partial.debit_move_id, partial.credit_move_id)
     WHERE move.state = 'draft' AND partial.max_date <= %(as_of)s
       AND move.journal_id IN (SELECT id FROM account_journal)
"""
# Within a group, a debt to one creditor may be reconciled with money received by another: it stays
# open in the books of each.
ACROSS = """
     UNION ALL
    SELECT partial.debit_move_id, partial.credit_move_id, partial.amount,
           partial.debit_amount_currency, partial.credit_amount_currency
      FROM account_partial_reconcile partial
      JOIN account_move_line debit ON debit.id = partial.debit_move_id
       AND debit.parent_state = 'posted'
      JOIN account_move_line credit ON credit.id = partial.credit_move_id
       AND credit.parent_state = 'posted'
     WHERE debit.company_id <> credit.company_id AND partial.max_date <= %(as_of)s
       AND (debit.company_id IN %(companies)s) <> (credit.company_id IN %(companies)s)
"""
COLUMNS = """
    SELECT line.id AS move_line_id,
           line.move_id,
           partner.commercial_partner_id AS partner_id,
           line.account_id,
           line.currency_id,
           line.company_id,
           line.date,
           line.partner_id IS NULL AS is_orphan,
           COALESCE(line.date_maturity, line.date) AS date_maturity,
           %(residual)s AS residual,
           %(residual_currency)s AS residual_currency,
           %(residual)s > 0 AND line.move_id IN (
               SELECT paying.move_id FROM account_payment paying
                WHERE paying.payment_type = 'outbound' AND paying.move_id IS NOT NULL
           ) AS is_paid_out
"""
CONDITIONS = """
       AND line.account_id IN %(accounts)s
       AND line.company_id IN %(companies)s
       AND line.parent_state = 'posted'
       AND line.date <= %(as_of)s
       AND %(partners)s
       AND (%(residual)s <> 0 OR %(residual_currency)s <> 0)
       AND line.dunning_moved_item_id IS NULL
"""
# A customer does not owe less because the debt was moved to another account (416), until it is
# lost: then the transfer is reconciled with the invoice. Such lines are few: each looks up its own
# matches.
MOVED = """
    SELECT COALESCE(sum(line.balance + COALESCE(settled.amount, 0)), 0)
      FROM account_move_line line
      JOIN res_partner partner ON partner.id = line.partner_id
      LEFT JOIN LATERAL (
            SELECT sum(CASE WHEN partial.credit_move_id = line.id THEN partial.amount
                            ELSE -partial.amount END) AS amount
              FROM account_partial_reconcile partial
             WHERE (partial.credit_move_id = line.id OR partial.debit_move_id = line.id)
               AND partial.max_date <= %(as_of)s
           ) settled ON TRUE
     WHERE line.dunning_moved_item_id IS NOT NULL AND line.account_id IN %(accounts)s
       AND line.company_id IN %(companies)s AND line.parent_state = 'posted'
       AND line.date <= %(as_of)s AND %(partners)s
"""
# If nothing was undone, as is usual for a date close to today.
OPEN_NOW = """
    %(columns)s
      FROM account_move_line line
      LEFT JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.reconciled IS NOT TRUE %(conditions)s
"""
# Today's residual plus what was undone since: in a large ledger most items were settled before that
# day, and are not read at all.
OPEN_ITEMS = """
    WITH undone AS (
        SELECT line_id, sum(side.amount) AS amount, sum(side.amount_currency) AS amount_currency
          FROM (%(undone)s) partial
         CROSS JOIN LATERAL (VALUES
            (partial.debit_move_id, partial.amount, partial.debit_amount_currency),
            (partial.credit_move_id, -partial.amount, -partial.credit_amount_currency)
         ) side (line_id, amount, amount_currency)
         GROUP BY line_id
    )
    %(columns)s
      FROM account_move_line line
      LEFT JOIN undone ON undone.line_id = line.id
      LEFT JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.reconciled IS NOT TRUE %(conditions)s
     UNION ALL
    %(columns)s
      FROM undone
      JOIN account_move_line line ON line.id = undone.line_id
      LEFT JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.reconciled IS TRUE %(conditions)s
"""

# Upper bound of each column in days past due; None: no bound. Credits have their own column, so
# that unallocated money never hides overdue debts.
BUCKETS = (("days_30", 30), ("days_60", 60), ("days_90", 90), ("days_120", 120), ("older", None))
AGED_COLUMNS = ("credit", "not_due", *(name for name, _days in BUCKETS))

AGED = """
    SELECT item.partner_id,
           %(user)s AS user_id,
           %(columns)s,
           sum(item.residual) AS total
      FROM (%(items)s) item
      JOIN account_move move ON move.id = item.move_id
      LEFT JOIN res_partner partner ON partner.id = item.partner_id
     GROUP BY 1, 2
    HAVING bool_or(item.residual <> 0)
"""


class AccountDunningBalance(models.AbstractModel):
    """What customers owed on any day, even in the past, from the dates of reconciliations.

    How it works: a reconciliation counts from the later date of its two items
    (``account.partial.reconcile.max_date``), so that it deducts the same amount from a debit and
    from a credit of the same day or earlier. The items therefore add up to the balance of their
    accounts on that day, to the cent; an exchange difference counts from the date of its own entry.
    """

    _name = "account.dunning.balance"
    _description = "Open Items on a Day"

    @api.model
    def _get_open_items_query(self, companies, as_of, partners=None, accounts=None):
        """Return the query of the receivable items open at the end of a day, one row per item.

        Columns: ``move_line_id``, ``move_id``, ``partner_id`` (commercial, may be null),
        ``account_id``, ``currency_id``, ``company_id``, ``date``, ``is_orphan`` (without a
        customer), ``date_maturity`` (else the date), ``residual`` (company's currency, negative for
        a credit), ``residual_currency`` and ``is_paid_out`` (money returned to the customer: not a
        debt, and never late). It runs without access checks: check them first. To be used as a
        sub-query.

        :param companies: ``res.company`` records whose books are read
        :param date as_of: last day that counts
        :param partners: only these customers
        :param accounts: these accounts; by default the receivable ones
        :return: ``odoo.tools.SQL``
        """
        self.env.flush_all()
        undone = SQL(UNDONE, as_of=as_of)
        if self._has_other_companies(companies):
            across = SQL(ACROSS, as_of=as_of, companies=tuple(companies.ids))
            undone = SQL("%s %s", undone, across)
        [(any_undone,)] = self.env.execute_query(SQL("SELECT EXISTS (%s)", undone))
        residuals = self._get_residuals_sql(any_undone)
        return SQL(
            OPEN_ITEMS if any_undone else OPEN_NOW,
            undone=undone,
            columns=SQL(COLUMNS, **residuals),
            conditions=SQL(
                CONDITIONS,
                as_of=as_of,
                companies=tuple(companies.ids) or (0,),
                accounts=self._get_accounts_sql(accounts),
                partners=self._get_partners_sql(partners),
                **residuals,
            ),
        )

    @api.model
    def _get_residuals_sql(self, any_undone):
        """Return the residual of an item, in both currencies, as if later changes were undone."""
        if not any_undone:
            return {
                "residual": SQL("line.amount_residual"),
                "residual_currency": SQL("line.amount_residual_currency"),
            }
        return {
            "residual": SQL("line.amount_residual + COALESCE(undone.amount, 0)"),
            "residual_currency": SQL(
                "line.amount_residual_currency + COALESCE(undone.amount_currency, 0)"
            ),
        }

    @api.model
    def _get_ledger_balance(self, companies, as_of, partners=None, accounts=None):
        """Return the balance of the receivable accounts at the end of a day, from their items.

        Includes what was moved from them to doubtful customers and is still owed.

        :return: float, in the company's currency
        """
        self.env.flush_all()
        join = SQL("JOIN res_partner partner ON partner.id = line.partner_id")
        [(balance,)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(sum(line.balance), 0)
                  FROM account_move_line line %s
                 WHERE line.account_id IN %s AND line.company_id IN %s
                   AND line.parent_state = 'posted' AND line.date <= %s AND %s
                """,
                # Without any join, even a neutral one: the index alone can answer.
                SQL() if partners is None else join,
                self._get_accounts_sql(accounts),
                tuple(companies.ids) or (0,),
                as_of,
                self._get_partners_sql(partners),
            )
        )
        [(moved,)] = self.env.execute_query(
            SQL(
                MOVED,
                accounts=self._get_accounts_sql(accounts),
                companies=tuple(companies.ids) or (0,),
                as_of=as_of,
                partners=self._get_partners_sql(partners),
            )
        )
        return float(balance - moved)

    @api.model
    def _get_accounts_sql(self, accounts):
        if accounts is None:
            # Ids rather than a sub-query: PostgreSQL then knows how few items are open.
            accounts = self.env["account.move.line"]._get_dunning_accounts(None)
        return SQL("%s", tuple(accounts.ids) or (0,))

    @api.model
    def _get_partners_sql(self, partners):
        if partners is None:
            return SQL("TRUE")
        ids = tuple(partners.commercial_partner_id.ids) or (0,)
        return SQL("partner.commercial_partner_id IN %s", ids)

    @api.model
    def _has_other_companies(self, companies):
        """Whether items of these companies may be reconciled with those of others."""
        family = self.env["res.company"].sudo().search([("id", "child_of", companies.root_id.ids)])
        return bool(family - companies)

    # -- The aged balance (« balance âgée ») on any past day ---------------------------------------

    @api.model
    def _get_aged_tests(self, as_of):
        """Return which open items count in each column, as SQL: every item in exactly one.

        :param date as_of: the day of the balance
        :return: list of ``(column, condition)``
        """
        owed = SQL("item.residual > 0 AND NOT item.is_paid_out")
        late = SQL("%s::date - item.date_maturity", as_of)
        tests = [
            ("credit", SQL("(item.residual < 0 OR item.is_paid_out)")),
            ("not_due", SQL("%s AND %s <= 0", owed, late)),
        ]
        after = 0
        for name, until in BUCKETS:
            test = SQL("%s AND %s > %s", owed, late, after)
            if until:
                test = SQL("%s AND %s <= %s", test, late, until)
            tests.append((name, test))
            after = until
        return tests

    @api.model
    def _get_aged_rows(self, companies, as_of, partners=None, by_user=False):
        """Return the open items by days past due, one row per customer.

        An item due on the day itself is not late.

        :param companies: ``res.company`` records with one currency
        :param date as_of: the day of the balance
        :param partners: only these customers
        :param bool by_user: one row per customer and salesperson: that of the invoice, else that of
            the customer
        :return: list of dicts: ``partner_id``, ``user_id``, ``credit`` (unallocated credits and
            payments, minus refunds; negative), ``not_due``, ``days_30`` (1 to 30 days),
            ``days_60``, ``days_90``, ``days_120``, ``older`` and ``total``, in company currency
        """
        columns = [
            SQL(
                "COALESCE(sum(item.residual) FILTER (WHERE %s), 0) AS %s",
                test,
                SQL.identifier(name),
            )
            for name, test in self._get_aged_tests(as_of)
        ]
        user = SQL("COALESCE(move.invoice_user_id, partner.user_id)") if by_user else SQL("NULL")
        query = SQL(
            AGED,
            user=user,
            columns=SQL(", ").join(columns),
            items=self._get_open_items_query(companies, as_of, partners),
        )
        with over_the_ledger(self.env.cr, partners):
            return self.env.execute_query_dict(query)

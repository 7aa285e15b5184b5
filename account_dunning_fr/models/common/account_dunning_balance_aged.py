from odoo import api, models
from odoo.tools import SQL

from .ledger_query import over_the_ledger

# Upper bound of each column in days past due; None: beyond. Credits have a column of their own, so
# that what is not allocated never hides what is late.
BUCKETS = (("days_30", 30), ("days_60", 60), ("days_90", 90), ("days_120", 120), ("older", None))
COLUMNS = ("credit", "not_due", *(name for name, _days in BUCKETS))

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
    """The aged balance (« balance âgée ») on any past day."""

    _inherit = "account.dunning.balance"

    @api.model
    def _get_aged_rows(self, companies, as_of, partners=None, by_user=False):
        """Return the open items by days past due, one row a customer.

        An item due on the day itself is not late.

        :param companies: ``res.company`` records of one currency
        :param date as_of: the day of the balance
        :param partners: only these customers
        :param bool by_user: one row a customer and salesperson: that of the invoice, else that of
            the customer
        :return: list of dicts: ``partner_id``, ``user_id``, ``credit`` (credits and payments not
            allocated, less what was given back; negative), ``not_due``, ``days_30`` (1 to 30 days),
            ``days_60``, ``days_90``, ``days_120``, ``older`` and ``total``, in company currency
        """
        tests = [
            ("credit", SQL("(item.residual < 0 OR item.is_paid_out)")),
            (
                "not_due",
                SQL(
                    "item.residual > 0 AND NOT item.is_paid_out AND item.date_maturity >= %s",
                    as_of,
                ),
            ),
        ]
        after = 0
        for name, until in BUCKETS:
            late = SQL("%s::date - item.date_maturity", as_of)
            test = SQL("item.residual > 0 AND NOT item.is_paid_out AND %s > %s", late, after)
            if until:
                test = SQL("%s AND %s <= %s", test, late, until)
            tests.append((name, test))
            after = until
        columns = [
            SQL(
                "COALESCE(sum(item.residual) FILTER (WHERE %s), 0) AS %s",
                test,
                SQL.identifier(name),
            )
            for name, test in tests
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

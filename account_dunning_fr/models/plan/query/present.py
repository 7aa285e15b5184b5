"""What exists for some customers, looked up before their plan is made.

PostgreSQL plans the query anew each time, and each step costs the same whether or not it finds a
row: for a handful of customers that is ten times the cost of running it. So their items are read
first, then their money, and the steps that would find nothing are left out.
"""

from typing import NamedTuple

from odoo.tools import SQL

from .items import item

# The columns of ``items.item``, to read them from JSON.
ITEM_COLUMNS = SQL(
    """
    move_line_id int, move_id int, company_id int, currency_id int, partner_id int, debtor_id int,
    due date, total numeric, residual numeric, residual_company numeric, cycle int,
    dunning_start_level_id int, no_followup boolean, payment_state text, move_name text,
    invoice_date date, discount_date date, discounted numeric, sent_on date, received_on date,
    returned_on date, retention numeric, exclusion text, is_outflow boolean, is_returned boolean
    """
)


class Present(NamedTuple):
    """Which steps of the plan may find something: all of them if nobody looked.

    :param discounts: an item offers an early-payment discount
    :param parts: part of an item is on hold or under a retention of guarantee
    :param holds: a hold of this creditor has not been released
    :param outflows: money went back to a customer, or a bank announced that it will
    :param bank_lines: a bank statement line waits
    :param payments: a payment has no entry
    :param online: somebody paid online
    :param advances: there are entries on the accounts of advances
    :param set_aside: a person said that some money is for none of these items
    :param money: money of these customers waits
    """

    discounts: bool = True
    parts: bool = True
    holds: bool = True
    outflows: bool = True
    bank_lines: bool = True
    payments: bool = True
    online: bool = True
    advances: bool = True
    set_aside: bool = True
    money: bool = True


# What the items tell about later steps, and the items themselves if they are few.
READ = """
    SELECT %s AS rows,
           COALESCE(bool_or(discount_date IS NOT NULL), FALSE) AS discounts,
           COALESCE(bool_or(retention > 0), FALSE) AS retentions,
           COALESCE(bool_or(is_outflow), FALSE) AS outflows
      FROM (%s) item
"""
NOT_READ = SQL("SELECT NULL AS rows, TRUE AS discounts, TRUE AS retentions, TRUE AS outflows")


def look(scope, read_items):
    """Return the query of what exists, and of the items of some customers: one row.

    Items that are already in a table (``scope["items"]``) are looked up there.

    Apart from the items, everything in the database counts: searching only for what concerns these
    customers would cost as much as it saves.

    :param dict scope: as for ``build``
    :param bool read_items: whether the items are read; otherwise any of them may exist
    :return: ``SQL`` selecting the rows of ``items.item`` as the text of a JSON list (NULL for
        none), then the columns of ``Present`` except the last
    """
    return SQL(
        """
        SELECT items.rows, items.discounts,
               items.retentions OR EXISTS (SELECT FROM account_dunning_hold
                                            WHERE %(hold)s AND amount_held > 0),
               EXISTS (SELECT FROM account_dunning_hold WHERE %(hold)s),
               items.outflows
               OR EXISTS (SELECT FROM account_bank_statement_line WHERE %(line)s AND amount < 0)
               OR EXISTS (SELECT FROM account_dunning_debit_return),
               EXISTS (SELECT FROM account_bank_statement_line WHERE %(line)s),
               EXISTS (SELECT FROM account_payment
                        WHERE move_id IS NULL AND state IN ('in_process', 'paid')),
               EXISTS (SELECT FROM payment_transaction
                        WHERE state IN ('pending', 'authorized', 'done')),
               EXISTS (SELECT FROM account_move_line
                        WHERE account_id IN %(advances)s AND parent_state = 'posted'),
               EXISTS (SELECT FROM account_dunning_set_aside WHERE undone_on IS NULL)
          FROM (%(items)s) items
        """,
        items=_read(scope, read_items),
        hold=SQL("company_id = %s AND released_on IS NULL", scope["creditor_id"]),
        line=SQL("is_reconciled IS NOT TRUE AND company_id IN %s", tuple(scope["company_ids"])),
        advances=tuple(scope["advance_ids"]) or (0,),
    )


def _read(scope, read_items):
    if read_items:
        return SQL(READ, SQL("json_agg(item)::text"), item(scope))
    if scope["items"] is not None:
        return SQL(READ, SQL("NULL"), scope["items"])
    return NOT_READ


def as_rows(text, columns):
    """Return a table of what was read as JSON, unchanged; without rows for None."""
    return SQL("(SELECT * FROM json_to_recordset(%s::json) AS row (%s))", text or "[]", columns)

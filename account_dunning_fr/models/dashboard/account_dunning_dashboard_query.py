"""The figures of the dashboard as set-based queries: sums only, no formula.

Each function returns ``SQL`` whose rows are ``(section, key, amount, count)``; the formulas are in
``core``. A scope is the dict of ``account.dunning.dashboard._get_scope``.
"""

from odoo.tools import SQL

from . import account_dunning_dashboard_parts_query as parts
from .account_dunning_dashboard_customers_query import customer_sums
from .account_dunning_dashboard_filters import converted, kept
from .account_dunning_dashboard_settled_query import habit, settled

# Money, and not a credit note or a write-off: what arrives by a journal of liquidity.
MONEY_JOURNALS = ("bank", "cash", "credit")
DOUBTFUL = ("dispute", "insolvency", "case")
SALES = ("out_invoice", "out_refund", "out_receipt")


def situation(scope, open_items, commitments):
    """Return what is owed on the day, what was owed at the opening, receipts and forecast.

    The open items are read once, added up by age and by when they are expected (``cell``), and
    what the page shows comes from these sums; so do the reconciliations.

    :param open_items: query of ``account.dunning.balance``
    :param commitments: query of ``(move_line_id, committed_on)``: what customers promised
    """
    sums = [*_owed_sums(), *_received_sums(scope), *customer_sums(scope)]
    return SQL("WITH %s %s", _read(scope, open_items, commitments), SQL(" UNION ALL ").join(sums))


def _read(scope, open_items, commitments):
    """What the sums read, each once."""
    return SQL(
        """
        open_item AS (%(open_items)s),
        item AS MATERIALIZED (%(item)s),
        held AS MATERIALIZED (%(held)s),
        settled AS MATERIALIZED (%(settled)s),
        habit AS (%(habit)s),
        planned AS MATERIALIZED (%(planned)s),
        instalment AS (%(instalment)s),
        mark AS (
            SELECT move_line_id, max(committed_on) AS committed_on,
                   bool_or(doubtful) AS doubtful, bool_or(planned) AS planned
              FROM (
                SELECT move_line_id, committed_on, FALSE AS doubtful, FALSE AS planned
                  FROM (%(commitments)s) commitment
                UNION ALL
                SELECT move_line_id, NULL, TRUE, FALSE FROM held
                 WHERE reason IN %(doubtful)s AND is_whole
                UNION ALL
                SELECT move_line_id, NULL, FALSE, TRUE FROM planned
              ) source
             GROUP BY move_line_id
        ),
        cell AS MATERIALIZED (%(cell)s),
        expected AS (%(expected)s),
        customer AS MATERIALIZED (%(customer)s),
        debtor AS (SELECT * FROM customer WHERE overdue > 0),
        opening AS (%(opening)s)
        """,
        open_items=open_items,
        item=parts.item(scope),
        held=parts.held(scope),
        settled=settled(scope),
        habit=habit(),
        planned=parts.planned(scope, DOUBTFUL),
        instalment=parts.instalment(scope),
        commitments=commitments,
        doubtful=DOUBTFUL,
        cell=parts.cell(scope),
        expected=parts.expected(scope),
        customer=parts.customer(),
        opening=parts.opening(scope),
    )


def _owed_sums():
    """What is open on the day, by lateness, and when it is expected."""
    return (
        SQL(
            """
            SELECT CASE WHEN kept THEN 'kept' ELSE 'left_out' END, late::text,
                   sum(residual), sum(items)::int FROM cell GROUP BY kept, late
            """
        ),
        SQL(
            """
            SELECT 'orphan', '', sum(residual), sum(items)::int FROM cell
             WHERE orphan HAVING count(*) > 0
            """
        ),
        SQL(
            """
            SELECT 'credit', '', sum(residual), sum(items)::int FROM cell
             WHERE kept AND is_credit
            """
        ),
        SQL(
            """
            SELECT 'late', late::text, sum(residual), sum(items)::int FROM cell
             WHERE kept AND late > 0 AND NOT is_credit GROUP BY late
            """
        ),
        SQL(
            """
            SELECT 'expected', expected_on || ' ' || certainty, sum(residual), sum(items)::int
              FROM expected GROUP BY expected_on, certainty
            """
        ),
    )


def _received_sums(scope):
    """What came in: how late, how long after the invoice, on which term; and on the opening."""
    days = {
        "paid": SQL("credit_date - debit_due"),
        "term": SQL("debit_due - debit_date"),
        "waited": SQL("credit_date - debit_date"),
    }
    return (
        *(
            SQL(
                """
                SELECT %(section)s, (%(days)s)::text, sum(amount), NULL
                  FROM settled WHERE is_money AND debit_kept GROUP BY %(days)s
                """,
                section=section,
                days=count,
            )
            for section, count in days.items()
        ),
        SQL("SELECT 'opening', overdue::text, sum(residual), NULL FROM opening GROUP BY overdue"),
        SQL(
            """
            SELECT 'collected', '', sum(amount), count(*) FROM settled
             WHERE is_money AND debit_kept AND on_day > %(opened)s
               AND debit_due < %(opened)s AND debit_date <= %(opened)s
            """,
            opened=scope["opening"],
        ),
    )


def sales(scope):
    """Return the sales of each day, taxes included and less credit notes; and a year's turnover.

    The turnover is without taxes.
    """
    return SQL(
        """
        WITH sold AS (
            SELECT move.date, sum(%(amount)s) AS amount, sum(%(untaxed)s) AS untaxed,
                   count(*) AS moves
              FROM account_move move
              LEFT JOIN res_partner partner ON partner.id = move.commercial_partner_id
             WHERE move.move_type IN %(types)s AND move.state = 'posted'
               AND move.company_id IN %(companies)s
               AND move.date > %(since)s AND move.date <= %(as_of)s AND %(kept)s
             GROUP BY move.date
        )
        SELECT 'sales', date::text, amount, moves FROM sold
        UNION ALL
        SELECT 'turnover', '', sum(untaxed), sum(moves)::int FROM sold WHERE date > %(year_ago)s
        """,
        amount=converted(scope, SQL("move.amount_total_signed"), "move"),
        untaxed=converted(scope, SQL("move.amount_untaxed_signed"), "move"),
        types=SALES,
        companies=scope["company_ids"],
        since=scope["sales_since"],
        year_ago=scope["year_ago"],
        as_of=scope["as_of"],
        kept=kept(scope, SQL("partner"), SQL("move.currency_id")),
    )

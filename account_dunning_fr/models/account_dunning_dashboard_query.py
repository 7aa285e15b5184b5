"""The figures of the dashboard as set-based queries: sums only, no formula.

Each function returns ``SQL`` whose rows are ``(section, key, amount, count)``; the formulas are in
``core``. A scope is the dict of ``account.dunning.dashboard._get_scope``.
"""

from odoo.tools import SQL

from .account_dunning_dashboard_efforts_query import acted
from .account_dunning_dashboard_filters import converted, kept
from .account_dunning_dashboard_settled_query import habit, settled

# Money, and not a credit note or a write-off: what arrives by a journal of liquidity.
MONEY_JOURNALS = ("bank", "cash", "credit")
DOUBTFUL = ("dispute", "insolvency", "case")
SALES = ("out_invoice", "out_refund", "out_receipt")
TOP = 20


def situation(scope, open_items, commitments):
    """Return what is owed on the day, what was owed at the opening, receipts and forecast.

    The open items are read once, added up by age and by when they are expected (``cell``), and
    what the page shows comes from these sums; so do the reconciliations.

    :param open_items: query of ``account.dunning.balance``
    :param commitments: query of ``(move_line_id, committed_on)``: what customers promised
    """
    return SQL(
        """
        WITH open_item AS (%(open_items)s),
        item AS MATERIALIZED (%(item)s),
        held AS MATERIALIZED (%(held)s),
        settled AS MATERIALIZED (%(settled)s),
        habit AS (%(habit)s),
        commitment AS (
            SELECT move_line_id, max(committed_on) AS committed_on
              FROM (%(commitments)s) source GROUP BY move_line_id
        ),
        mark AS (
            SELECT move_line_id, commitment.committed_on,
                   doubtful.move_line_id IS NOT NULL AS doubtful
              FROM commitment
              FULL JOIN (
                SELECT DISTINCT move_line_id FROM held WHERE reason IN %(doubtful)s
              ) doubtful USING (move_line_id)
        ),
        cell AS MATERIALIZED (%(cell)s),
        expected AS (%(expected)s),
        debtor AS MATERIALIZED (%(debtor)s),
        opening AS (%(opening)s)
        SELECT CASE WHEN kept THEN 'kept' ELSE 'left_out' END, late::text,
               sum(residual), sum(items)::int FROM cell GROUP BY kept, late
        UNION ALL
        SELECT 'orphan', '', sum(residual), sum(items)::int FROM cell
         WHERE orphan HAVING count(*) > 0
        UNION ALL
        SELECT 'credit', '', sum(residual), sum(items)::int FROM cell WHERE kept AND is_credit
        UNION ALL
        SELECT 'late', late::text, sum(residual), sum(items)::int
          FROM cell WHERE kept AND late > 0 AND NOT is_credit GROUP BY late
        UNION ALL
        SELECT 'paid', (credit_date - debit_due)::text, sum(amount), NULL
          FROM settled WHERE is_money AND debit_kept GROUP BY credit_date - debit_due
        UNION ALL
        SELECT 'term', (debit_due - debit_date)::text, sum(amount), NULL
          FROM settled WHERE is_money AND debit_kept GROUP BY debit_due - debit_date
        UNION ALL
        SELECT 'waited', (credit_date - debit_date)::text, sum(amount), NULL
          FROM settled WHERE is_money AND debit_kept GROUP BY credit_date - debit_date
        UNION ALL
        SELECT 'debtor', (acted.partner_id IS NOT NULL)::text, NULL, count(*)::int
          FROM debtor LEFT JOIN (%(acted)s) acted USING (partner_id) GROUP BY 2
        UNION ALL
        SELECT 'limit', '', sum(item.residual), count(*)::int
          FROM item JOIN res_partner partner ON partner.id = item.partner_id
         WHERE item.kept AND item.residual > 0 AND item.due <= %(any_limit)s
           AND item.due <= CASE partner.dunning_regime %(limits)s ELSE %(limit)s END
        UNION ALL
        SELECT 'held', reason, sum(residual), count(DISTINCT partner_id) FROM held GROUP BY reason
        UNION ALL
        SELECT 'formal', expired::text, sum(residual), count(DISTINCT partner_id)
          FROM (%(formal)s) formal GROUP BY expired
        UNION ALL
        SELECT 'expected', expected_on || ' ' || certainty, sum(residual), sum(items)::int
          FROM expected GROUP BY expected_on, certainty
        UNION ALL
        SELECT 'opening', overdue::text, sum(residual), NULL FROM opening GROUP BY overdue
        UNION ALL
        SELECT 'collected', '', sum(amount), count(*) FROM settled
         WHERE is_money AND debit_kept AND on_day > %(opened)s
           AND debit_due < %(opened)s AND debit_date <= %(opened)s
        UNION ALL
        (%(top)s)
        """,
        open_items=open_items,
        item=_item(scope),
        held=_held(scope),
        settled=settled(scope),
        habit=habit(),
        commitments=commitments,
        doubtful=DOUBTFUL,
        cell=_cell(scope),
        expected=_expected(scope),
        debtor=_debtor(),
        acted=acted(scope),
        any_limit=max(scope["limits"].values()),
        limit=scope["limits"]["b2b"],
        limits=SQL(" ").join(
            SQL("WHEN %s THEN %s::date", regime, day) for regime, day in scope["limits"].items()
        ),
        opening=_opening(scope),
        opened=scope["opening"],
        formal=_formal(scope),
        top=_top(),
    )


def _item(scope):
    return SQL(
        """
        SELECT open_item.move_line_id, open_item.move_id, open_item.partner_id, open_item.date,
               open_item.date_maturity AS due,
               %(residual)s AS residual,
               %(as_of)s - open_item.date_maturity AS late,
               COALESCE(%(kept)s, FALSE) AS kept
          FROM open_item
          LEFT JOIN res_partner partner ON partner.id = open_item.partner_id
        """,
        residual=converted(scope, SQL("open_item.residual"), "open_item"),
        as_of=scope["as_of"],
        kept=kept(scope, SQL("partner"), SQL("open_item.currency_id")),
    )


def _held(scope):
    """The items on hold on the day, once for each reason."""
    current = SQL(
        """
        item.kept AND item.residual > 0 AND hold.company_id IN %(creditors)s
        AND hold.date_from <= %(as_of)s
        AND (hold.date_until IS NULL OR hold.date_until >= %(as_of)s)
        AND (hold.released_on IS NULL OR hold.released_on > %(as_of)s)
        """,
        creditors=scope["creditor_ids"],
        as_of=scope["as_of"],
    )
    select = SQL(
        """
        SELECT hold.reason, hold.date_until, item.move_line_id, item.partner_id, item.residual
          FROM account_dunning_hold hold JOIN item
        """
    )
    return SQL(
        """
        SELECT reason, move_line_id, partner_id, residual, max(date_until) AS date_until
          FROM (
            %(select)s ON hold.move_line_id = item.move_line_id WHERE %(current)s
            UNION ALL
            %(select)s ON hold.move_id = item.move_id AND hold.move_line_id IS NULL
             WHERE %(current)s
            UNION ALL
            %(select)s ON hold.partner_id = item.partner_id AND hold.move_id IS NULL
             WHERE %(current)s
          ) hold
         GROUP BY reason, move_line_id, partner_id, residual
        """,
        select=select,
        current=current,
    )


def _cell(scope):
    """The open items added up by all that the sums of the page tell apart.

    ``late`` in days; ``old``: already there at the opening; what follows says when they are
    expected. There are far fewer cells than items.
    """
    return SQL(
        """
        SELECT item.kept, item.late, item.date <= %(opening)s AS old,
               item.residual <= 0 AS is_credit, item.partner_id IS NULL AS orphan,
               habit.days, mark.committed_on, COALESCE(mark.doubtful, FALSE) AS doubtful,
               sum(item.residual) AS residual, count(*) AS items
          FROM item
          LEFT JOIN habit ON habit.partner_id = item.partner_id
          LEFT JOIN mark ON mark.move_line_id = item.move_line_id
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
        """,
        opening=scope["opening"],
    )


def _opening(scope):
    """What was open at the opening: what still is, and what was settled since."""
    return SQL(
        """
        SELECT late > %(as_of)s - %(opening)s AS overdue, residual FROM cell WHERE kept AND old
        UNION ALL
        SELECT debit_due < %(opening)s, amount FROM settled
         WHERE debit_kept AND on_day > %(opening)s AND debit_date <= %(opening)s
        UNION ALL
        SELECT credit_due < %(opening)s, -amount FROM settled
         WHERE credit_kept AND on_day > %(opening)s AND credit_date <= %(opening)s
        """,
        as_of=scope["as_of"],
        opening=scope["opening"],
    )


def _expected(scope):
    """When each open item is expected, as ``core.forecast.expect`` says it."""
    return SQL(
        """
        SELECT cell.residual, cell.items,
               CASE WHEN cell.committed_on >= %(as_of)s THEN cell.committed_on
                    ELSE GREATEST(usual.day, %(as_of)s) END AS expected_on,
               CASE WHEN cell.doubtful THEN 'at_risk'
                    WHEN cell.committed_on >= %(as_of)s THEN 'certain'
                    WHEN cell.committed_on IS NOT NULL THEN 'at_risk'
                    WHEN GREATEST(usual.day, usual.due) < %(as_of)s THEN 'at_risk'
                    ELSE 'probable' END AS certainty
          FROM cell
          CROSS JOIN LATERAL (
            SELECT %(as_of)s - cell.late AS due,
                   %(as_of)s - cell.late + COALESCE(cell.days, 0) AS day
          ) usual
         WHERE cell.kept AND NOT cell.is_credit
        """,
        as_of=scope["as_of"],
    )


def _formal(scope):
    """The open items under a formal notice, and whether its printed deadline has expired."""
    return SQL(
        """
        SELECT item.residual, item.partner_id, max(notice.deadline) < %(as_of)s AS expired
          FROM account_dunning_notice notice
          JOIN account_dunning_notice_line line ON line.notice_id = notice.id AND line.claimed
          JOIN item ON item.move_line_id = line.move_line_id AND item.kept AND item.residual > 0
          JOIN account_move_line aml ON aml.id = line.move_line_id
           AND COALESCE(aml.dunning_cycle, 0) = COALESCE(line.cycle, 0)
         WHERE notice.kind = 'formal_notice' AND notice.state = 'sent'
           AND notice.date <= %(as_of)s AND notice.company_id IN %(creditors)s
         GROUP BY item.move_line_id, item.residual, item.partner_id
        """,
        as_of=scope["as_of"],
        creditors=scope["creditor_ids"],
    )


def _debtor():
    """The customers overdue, with the age of their oldest item in days."""
    return SQL(
        """
        SELECT partner_id, sum(residual) AS overdue, max(late) FILTER (WHERE residual > 0) AS oldest
          FROM item WHERE kept AND late > 0 AND partner_id IS NOT NULL
         GROUP BY partner_id HAVING sum(residual) > 0
        """
    )


def _top():
    """The customers most overdue; the count is the age of the oldest item, in days."""
    return SQL(
        """
        SELECT 'top', partner_id::text, overdue, oldest
          FROM debtor ORDER BY overdue DESC, partner_id LIMIT %s
        """,
        TOP,
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

"""What the sums of the dashboard read: open items, holds, cells, what is expected, who is late.

Each function returns ``SQL`` of a part of one query (``account_dunning_dashboard_query``): it may
read the parts before it by their names.
"""

from odoo.tools import SQL

from ..plan.query import holds
from ..plan.query.items import debtor
from .account_dunning_dashboard_filters import converted, kept


def item(scope):
    return SQL(
        """
        SELECT open_item.move_line_id, open_item.move_id, open_item.partner_id, open_item.date,
               open_item.date_maturity AS due,
               %(residual)s AS residual,
               CASE WHEN open_item.is_paid_out THEN LEAST(0, %(as_of)s - open_item.date_maturity)
                    ELSE %(as_of)s - open_item.date_maturity END AS late,
               open_item.residual <= 0 OR open_item.is_paid_out AS is_credit,
               COALESCE(%(kept)s, FALSE) AS kept
          FROM open_item
          LEFT JOIN res_partner partner ON partner.id = open_item.partner_id
        """,
        residual=converted(scope, SQL("open_item.residual"), "open_item"),
        as_of=scope["as_of"],
        kept=kept(scope, SQL("partner"), SQL("open_item.currency_id")),
    )


def held(scope):
    """The items on hold on the day, once for each reason, with how much of them is held.

    What of an item is disputed is held, the rest is not (``is_whole``); an insolvency holds what
    arose before the judgment. The rule is the plan's: ``account_dunning_plan_holds``.
    """
    invoice_date = SQL(
        "(SELECT COALESCE(move.invoice_date, move.date) FROM account_move move"
        " WHERE move.id = item.move_id)"
    )
    current = SQL(
        "item.kept AND NOT item.is_credit AND %s",
        holds.current(scope["creditor_ids"], scope["as_of"], invoice_date, scope["as_of"]),
    )
    # A part is in the currency of the invoice, and held on the instalments that fall due first.
    return SQL(
        """
        SELECT reason, move_line_id, partner_id,
               LEAST(max(whole), sum(amount)) AS residual,
               sum(amount) >= max(whole) AS is_whole, max(date_until) AS date_until
          FROM (
            SELECT reason, move_line_id, partner_id, residual AS whole, date_until,
                   CASE WHEN amount_held IS NULL THEN residual
                        ELSE LEAST(residual, GREATEST(0, amount_held - before)) END AS amount
              FROM (
                SELECT reached.*, CASE WHEN by_item THEN 0 ELSE COALESCE(sum(residual) OVER (
                           PARTITION BY hold_id ORDER BY due, move_line_id
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) END AS before
                  FROM (
                    SELECT reached.*, %(held)s AS amount_held
                      FROM (%(reached)s) reached
                      JOIN account_move_line line ON line.id = reached.move_line_id
                  ) reached
              ) reached
          ) hold
         WHERE amount > 0
         GROUP BY reason, move_line_id, partner_id
        """,
        held=converted(
            scope, SQL("(reached.held * line.balance / NULLIF(line.amount_currency, 0))"), "line"
        ),
        reached=holds.reaching(
            SQL(
                """
                hold.id AS hold_id, hold.reason, hold.date_until, item.move_line_id,
                item.partner_id, item.due, item.residual, hold.move_line_id IS NOT NULL AS by_item,
                NULLIF(hold.amount_held, 0) AS held
                """
            ),
            SQL("item"),
            current,
            SQL(
                """
                (SELECT %s FROM account_move_line line JOIN account_move move
                    ON move.id = line.move_id WHERE line.id = item.move_line_id)
                """,
                debtor(SQL("move"), SQL("line")),
            ),
        ),
    )


def planned(scope, doubtful):
    """The items of payment plans with instalments to come, but for those that are doubtful."""
    return SQL(
        """
        SELECT plan.id AS plan_id, held.move_line_id, held.residual
          FROM held
          JOIN account_dunning_payment_plan_item_rel rel ON rel.item_id = held.move_line_id
          JOIN account_dunning_payment_plan plan ON plan.id = rel.plan_id
           AND plan.started_on <= %(as_of)s
           AND (plan.closed_on IS NULL OR plan.closed_on > %(as_of)s)
         WHERE held.reason = 'plan' AND held.is_whole
           AND EXISTS (SELECT FROM account_dunning_payment_plan_line line
                        WHERE line.plan_id = plan.id AND line.date >= %(as_of)s)
           AND NOT EXISTS (SELECT FROM held other
                            WHERE other.move_line_id = held.move_line_id
                              AND other.reason IN %(doubtful)s)
        """,
        as_of=scope["as_of"],
        doubtful=doubtful,
    )


def instalment(scope):
    """What is left of each plan on the days of its instalments to come, in their proportion.

    Rounded from one sum to the next, so that the instalments add up to what is owed.
    """
    return SQL(
        """
        SELECT round((owed.residual * line.upto / line.whole)::numeric, 2)
                   - round((owed.residual * (line.upto - line.amount) / line.whole)::numeric, 2)
                   AS residual,
               CASE WHEN line.place = 1 THEN owed.items ELSE 0 END AS items, line.date
          FROM (SELECT plan_id, sum(residual) AS residual, count(*) AS items
                  FROM planned GROUP BY plan_id) owed
          JOIN (
            SELECT plan_id, date, amount, sum(amount) OVER running AS upto,
                   sum(amount) OVER (PARTITION BY plan_id) AS whole,
                   row_number() OVER running AS place
              FROM account_dunning_payment_plan_line
             WHERE date >= %s AND amount > 0
            WINDOW running AS (PARTITION BY plan_id ORDER BY date, id)
          ) line ON line.plan_id = owed.plan_id
        """,
        scope["as_of"],
    )


def cell(scope):
    """The open items added up by all that the sums of the page tell apart.

    ``late`` in days; ``old``: already there at the opening; what follows says when they are
    expected. There are far fewer cells than items.
    """
    return SQL(
        """
        SELECT item.kept, item.late, item.date <= %(opening)s AS old,
               item.is_credit, item.partner_id IS NULL AS orphan,
               habit.days, mark.committed_on, COALESCE(mark.doubtful, FALSE) AS doubtful,
               COALESCE(mark.planned, FALSE) AS planned,
               sum(item.residual) AS residual, count(*) AS items
          FROM item
          LEFT JOIN habit ON habit.partner_id = item.partner_id
          LEFT JOIN mark ON mark.move_line_id = item.move_line_id
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
        """,
        opening=scope["opening"],
    )


def opening(scope):
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


def expected(scope):
    """When each open item is expected, as ``core.forecast.expect`` says it; instalments apart."""
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
         WHERE cell.kept AND NOT cell.is_credit AND NOT cell.planned
        UNION ALL
        SELECT residual, items, date, 'certain' FROM instalment
        """,
        as_of=scope["as_of"],
    )


def customer():
    """What each customer owes in all, and overdue; the age of his oldest item, in days."""
    return SQL(
        """
        SELECT partner_id, sum(residual) AS owed,
               sum(residual) FILTER (WHERE late > 0) AS overdue,
               max(late) FILTER (WHERE late > 0 AND residual > 0) AS oldest
          FROM item WHERE kept AND partner_id IS NOT NULL
         GROUP BY partner_id
        """
    )

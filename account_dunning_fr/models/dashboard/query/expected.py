"""When open items are expected to be paid, and how certain that is: instalments, promises, habit.

Each function is a step of the query of ``items.situation``, and reads the steps before it.
"""

from odoo.tools import SQL

DOUBTFUL = ("dispute", "insolvency", "case")  # reasons of a hold: payment is not certain
COMMITTED = ("promise", "plan")


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


def planned(scope):
    """The items of payment plans with future instalments, except those that are doubtful."""
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
        as_of=scope.as_of,
        doubtful=DOUBTFUL,
    )


def instalment(scope):
    """What is left of each plan, spread over its future instalments in proportion.

    Rounded from one cumulated sum to the next, so that the instalments add up to what is owed.
    """
    return SQL(
        """
        SELECT round((owed.residual * line.upto / line.whole)::numeric, %(places)s)
               - round((owed.residual * (line.upto - line.amount) / line.whole)::numeric,
                       %(places)s) AS residual,
               CASE WHEN line.place = 1 THEN owed.items ELSE 0 END AS items, line.date
          FROM (SELECT plan_id, sum(residual) AS residual, count(*) AS items
                  FROM planned GROUP BY plan_id) owed
          JOIN (
            SELECT plan_id, date, amount, sum(amount) OVER running AS upto,
                   sum(amount) OVER (PARTITION BY plan_id) AS whole,
                   row_number() OVER running AS place
              FROM account_dunning_payment_plan_line
             WHERE date >= %(as_of)s AND amount > 0
            WINDOW running AS (PARTITION BY plan_id ORDER BY date, id)
          ) line ON line.plan_id = owed.plan_id
        """,
        places=scope.currency.decimal_places,
        as_of=scope.as_of,
    )


def mark():
    """What is known about the payment date of an item; a commitment is the end of its hold."""
    return SQL(
        """
        SELECT move_line_id, max(committed_on) AS committed_on,
               bool_or(doubtful) AS doubtful, bool_or(planned) AS planned
          FROM (
            SELECT move_line_id, date_until AS committed_on, FALSE AS doubtful, FALSE AS planned
              FROM held WHERE reason IN %(committed)s AND date_until IS NOT NULL
            UNION ALL
            SELECT move_line_id, NULL, TRUE, FALSE FROM held
             WHERE reason IN %(doubtful)s AND is_whole
            UNION ALL
            SELECT move_line_id, NULL, FALSE, TRUE FROM planned
          ) source
         GROUP BY move_line_id
        """,
        committed=COMMITTED,
        doubtful=DOUBTFUL,
    )


def expected(scope):
    """When each open item is expected, as in ``core.forecast.expect``; instalments separately."""
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
        as_of=scope.as_of,
    )


def sums():
    """When open items are expected to be paid, and how certain that is."""
    return SQL(
        """
        SELECT 'expected', expected_on || ' ' || certainty, sum(residual), sum(items)::int
          FROM expected GROUP BY expected_on, certainty
        """
    )

"""The plan of a day, one row per customer, for the agenda of many days to come.

The rows of a million items would not fit in the memory of a process, and PostgreSQL adds up faster
than Python.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL


class CustomerRow(NamedTuple):
    """What the plan says of one customer on its day, and when it may say something else.

    Assuming that nothing is paid meanwhile, and no hold begins or ends. Days are ``None`` if there
    is none.

    :param partner_id: the customer (commercial partner)
    :param level_id: level of the notice that claims something, None without a notice
    :param amount: what it claims, in the company's currency
    :param oldest: due date of the oldest item that it claims
    :param items: the items that take a level in it
    :param cycles: the cycle of each of them, as in ``PlanRow``
    :param levels: the level that each of them takes
    :param is_reached: whether any item reached its next level, claimed or not
    :param is_left: whether one that reached it takes none in this notice
    :param due: the first due date from that day on
    :param skipping_due: the same, for items whose next level is skipped past that date
    :param next_date: the first later day on which an item reaches its next level
    :param then_date: the day before which no item that takes a level reaches a further one
    """

    partner_id: int
    level_id: int | None
    amount: float
    oldest: date | None
    items: list | None
    cycles: list | None
    levels: list | None
    is_reached: bool
    is_left: bool
    due: date | None
    skipping_due: date | None
    next_date: date | None
    then_date: date | None


def by_customer(plan, today, left_out):
    """Return the query of ``CustomerRow`` over the plan of a day.

    :param SQL plan: the query of that day, as ``build`` returns it
    :param date today: its day
    :param list left_out: items that a person left out of the next notice
    """
    return SQL(
        """
        SELECT partner_id,
               max(tone_level_id) FILTER (WHERE claimed),
               COALESCE(sum(due_company) FILTER (WHERE claimed), 0),
               min(due) FILTER (WHERE claimed),
               array_agg(move_line_id ORDER BY move_line_id) FILTER (WHERE takes),
               array_agg(cycle ORDER BY move_line_id) FILTER (WHERE takes),
               array_agg(take_level_id ORDER BY move_line_id) FILTER (WHERE takes),
               bool_or(reached) IS TRUE,
               bool_or(reached AND NOT takes) IS TRUE,
               min(due) FILTER (WHERE due >= %(today)s),
               min(due) FILTER (WHERE due >= %(today)s AND next_kind = 'courtesy'),
               min(next_date) FILTER (WHERE stop IS NULL AND next_date > %(today)s),
               min(due + days_after) FILTER (WHERE takes)
          FROM (
            SELECT plan.*, claimed, claimed AND take_level_id IS NOT NULL AS takes,
                   further.days AS days_after, next_level.kind AS next_kind
              FROM (%(plan)s) plan
             CROSS JOIN LATERAL (
                SELECT final_role IS NOT DISTINCT FROM 'claimed'
                       AND move_line_id <> ALL(%(left_out)s::int[]) AS claimed
             ) message
              LEFT JOIN account_dunning_level next_level ON next_level.id = plan.next_level_id
              -- No further level has fewer days than the least of those above, whichever it is.
              LEFT JOIN (
                SELECT id, min(days) OVER (
                           PARTITION BY policy_id ORDER BY rank
                           ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
                       ) AS days
                  FROM account_dunning_level WHERE active
              ) further ON further.id = plan.take_level_id
          ) item
         GROUP BY partner_id
        """,
        plan=plan,
        today=today,
        left_out=left_out,
    )

"""The open items on hold on the day, by the rule of the plan itself: a step of ``items``."""

from odoo.tools import SQL

from ...plan.query import holds
from ...plan.query.items import debtor


def held(scope):
    """The items on hold on the day, once per reason, with the amount on hold.

    Of a disputed item, only the disputed part is held, the rest is not (``is_whole``); an
    insolvency holds what arose before the judgment. The rule is the plan's:
    ``plan/query/holds.py``.
    """
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
        held=scope.converted(
            SQL("(reached.held * line.balance / NULLIF(line.amount_currency, 0))"), "line"
        ),
        reached=_reached(scope),
    )


def _reached(scope):
    """Each item reached by a current hold, with the hold and the amount it holds, or NULL."""
    invoice_date = SQL(
        "(SELECT COALESCE(move.invoice_date, move.date) FROM account_move move"
        " WHERE move.id = item.move_id)"
    )
    return holds.reaching(
        SQL(
            """
            hold.id AS hold_id, hold.reason, hold.date_until, item.move_line_id,
            item.partner_id, item.due, item.residual, hold.move_line_id IS NOT NULL AS by_item,
            NULLIF(%s, 0) AS held
            """,
            holds.amount_on(scope.as_of),
        ),
        SQL("item"),
        SQL(
            "item.kept AND NOT item.is_credit AND %s",
            holds.current(scope.creditor_ids, scope.as_of, invoice_date, scope.as_of),
        ),
        SQL(
            """
            (SELECT %s FROM account_move_line line JOIN account_move move
                ON move.id = line.move_id WHERE line.id = item.move_line_id)
            """,
            debtor(SQL("move"), SQL("line")),
        ),
    )

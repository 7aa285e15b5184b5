"""The holds of the plan: which items are not chased at all, and which for a part only.

A hold on a part comes before the credits: what is disputed is not claimed, and what the customer
paid is set against the rest. ``core.credits`` states the same rule in Python.
"""

from odoo.tools import SQL

from .account_dunning_plan_credits import running


def _current(scope, today):
    return SQL(
        """
        hold.company_id = %s AND hold.released_on IS NULL AND hold.date_from <= %s
        AND (hold.date_until IS NULL OR hold.date_until >= %s)
        AND (hold.claims_before IS NULL OR item.invoice_date < hold.claims_before)
        """,
        scope["creditor_id"],
        today,
        today,
    )


def part(scope, today):
    """The current holds on a part of an item, or of an invoice."""
    return SQL(
        """
        SELECT item.move_line_id, item.move_id, hold.id AS hold_id, hold.date_until,
               hold.amount_held AS amount, hold.move_line_id IS NOT NULL AS by_item
          FROM item
          JOIN account_dunning_hold hold
            ON hold.move_id = item.move_id
           AND (hold.move_line_id IS NULL OR hold.move_line_id = item.move_line_id)
         WHERE hold.amount_held > 0 AND %s
        """,
        _current(scope, today),
    )


def parted():
    """How much of each item is held: what is held on it, then its share of its invoice's.

    A part of an invoice is held on the instalments that fall due first. Only the invoices that
    have such a part are sorted: sorting all items costs more than the rest of the plan.
    """
    room = SQL("residual - own_amount")
    return SQL(
        """
        SELECT item.*, COALESCE(split.held_amount, 0) AS held_amount
          FROM item
          LEFT JOIN (
            SELECT item.move_line_id,
                   own_amount + GREATEST(0, LEAST(%(room)s, invoice_amount - %(running)s))
                   AS held_amount
              FROM (
                SELECT item.move_line_id, item.move_id, item.currency_id, item.due, item.residual,
                       LEAST(residual, COALESCE(held.own, 0)) AS own_amount,
                       COALESCE(held.invoice, 0) AS invoice_amount
                  FROM item
                  LEFT JOIN (
                    SELECT move_line_id, sum(amount) FILTER (WHERE by_item) AS own,
                           sum(amount) FILTER (WHERE NOT by_item) AS invoice
                      FROM part GROUP BY move_line_id
                  ) held ON held.move_line_id = item.move_line_id
                 WHERE item.move_id IN (SELECT move_id FROM part)
              ) item
          ) split ON split.move_line_id = item.move_line_id
        """,
        room=room,
        running=running(room, SQL("item.move_id, item.currency_id")),
    )


def held(scope, today):
    """The hold that stops an item: the one that lasts longest, of those on the item, its invoice
    or its customer; of the parts, where together they hold all of it."""
    current = SQL("COALESCE(hold.amount_held, 0) = 0 AND %s", _current(scope, today))
    select = SQL("SELECT item.move_line_id, hold.id AS hold_id, hold.date_until FROM item")
    hold = SQL("JOIN account_dunning_hold hold")
    return SQL(
        """
        SELECT DISTINCT ON (move_line_id) move_line_id, hold_id, date_until
          FROM (
            %(select)s %(hold)s ON hold.move_line_id = item.move_line_id WHERE %(current)s
            UNION ALL
            %(select)s %(hold)s ON hold.move_id = item.move_id
                                AND hold.move_line_id IS NULL WHERE %(current)s
            UNION ALL
            %(select)s %(hold)s ON hold.partner_id = item.partner_id
                                AND hold.move_id IS NULL WHERE %(current)s
            UNION ALL
            -- Who owed it became a contact of another: what held his debts still does, no other's.
            %(select)s %(hold)s ON hold.partner_id = item.debtor_id
                                AND hold.move_id IS NULL
                                AND item.debtor_id <> item.partner_id WHERE %(current)s
            UNION ALL
            SELECT part.move_line_id, part.hold_id, part.date_until
              FROM part JOIN parted item ON item.move_line_id = part.move_line_id
             WHERE item.held_amount >= item.residual
          ) hold
         ORDER BY move_line_id, date_until DESC NULLS FIRST, hold_id
        """,
        select=select,
        hold=hold,
        current=current,
    )

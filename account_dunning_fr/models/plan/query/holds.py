"""The holds of the plan: items that are not chased at all, and items on hold for a part.

A hold on a part comes before credits: what is disputed is not claimed, and what the customer paid
is set against the rest. ``core.credits`` states the same rule in Python. The dashboard uses the
same functions to find out what is on hold.
"""

from odoo.tools import SQL

from .items import item, running


def current(creditor_ids, day, invoice_date, released_on=None):
    """Whether ``hold`` is in force on a day, as SQL, for the plan and the dashboard.

    A hold for insolvency does not concern what arose after the judgment.

    :param creditor_ids: the creditors whose holds count
    :param SQL invoice_date: the date of the item's invoice
    :param date released_on: for a day in the past, that day: what was released later was still in
        force; by default nothing released is
    """
    in_force = SQL("hold.released_on IS NULL")
    if released_on:
        in_force = SQL("(%s OR hold.released_on > %s)", in_force, released_on)
    return SQL(
        """
        hold.company_id IN %(creditors)s AND %(in_force)s AND hold.date_from <= %(day)s
        AND (hold.date_until IS NULL OR hold.date_until >= %(day)s)
        AND (hold.claims_before IS NULL OR %(invoice_date)s < hold.claims_before)
        """,
        creditors=tuple(creditor_ids) or (0,),
        in_force=in_force,
        day=day,
        invoice_date=invoice_date,
    )


def amount_on(day):
    """Return the part that ``hold`` held on a day, as SQL; zero or NULL for the whole.

    :param date day: None where it is what it holds now
    """
    if day is None:
        return SQL("hold.amount_held")
    return SQL(
        """
        COALESCE((SELECT former.value::numeric FROM jsonb_each_text(hold.amounts_before) former
                   WHERE former.key > %s ORDER BY former.key LIMIT 1), hold.amount_held)
        """,
        day.isoformat(),
    )


def reaching(columns, items, condition, debtor):
    """The holds on items, on their invoices or on their customers: one row each.

    The debtor may have become a contact of another customer since: his holds still apply to his
    debts, and to no others.

    :param SQL columns: of ``hold`` and ``item``
    :param SQL items: a table with ``move_line_id``, ``move_id`` and ``partner_id``
    :param SQL condition: which holds count
    :param SQL debtor: the debtor that the invoice of an item names
    """
    holds = SQL("account_dunning_hold")
    former = SQL(
        """
        (SELECT hold.*, former.commercial_partner_id AS customer_id
           FROM account_dunning_hold hold
           JOIN res_partner former ON former.id = hold.partner_id
            AND former.commercial_partner_id <> former.id)
        """
    )
    ways = (
        (holds, SQL("hold.move_line_id = item.move_line_id")),
        (holds, SQL("hold.move_id = item.move_id AND hold.move_line_id IS NULL")),
        (holds, SQL("hold.partner_id = item.partner_id AND hold.move_id IS NULL")),
        (
            former,
            SQL(
                "hold.customer_id = item.partner_id AND hold.move_id IS NULL"
                " AND hold.partner_id = %s",
                debtor,
            ),
        ),
    )
    return SQL(" UNION ALL ").join(
        SQL(
            "SELECT %s FROM %s item JOIN %s hold ON %s WHERE %s",
            columns,
            items,
            table,
            way,
            condition,
        )
        for table, way in ways
    )


def steps(scope, today):
    """The CTEs ``part`` and ``parted``, after ``item``: how much of each item is on hold.

    Only ``parted`` if no part is.
    """
    if not scope["present"].parts:
        return SQL("parted AS (SELECT item.*, 0::numeric AS held_amount FROM item)")
    return SQL("part AS (%s), parted AS (%s)", part(scope, today), parted())


def owed(scope, day):
    """Return the due items of a scope with the part of each that is on hold on a day.

    For setting the customers' money against them. Without the debits of the bank: what they take
    back is deducted from the money already (``credits.money``).

    :return: ``SQL`` selecting the columns of ``item``, ``held_amount`` and ``step`` (the smallest
        unit of the currency)
    """
    return SQL(
        """
        WITH item AS (
            SELECT * FROM (%s) item WHERE exclusion IS NULL AND NOT is_outflow
        ), %s
        SELECT parted.*, currency.rounding::float8::text AS step
          FROM parted JOIN res_currency currency ON currency.id = parted.currency_id
        """,
        item(scope),
        steps(scope, day),
    )


def _current(scope, today):
    in_force = current([scope["creditor_id"]], today, SQL("item.invoice_date"), scope["held_on"])
    if ended := scope["assumed"].ended:
        return SQL("%s AND hold.id <> ALL(%s)", in_force, list(ended))
    return in_force


def part(scope, today):
    """The current holds on a part of an item or an invoice, and retentions of guarantee.

    A retention is what is paid last (``account.move.line._get_dunning_retention`` says the same of
    one item); a public buyer may keep it until the works are accepted (CCP R. 2192-33).
    """
    return SQL(
        """
        SELECT item.move_line_id, item.move_id, hold.id AS hold_id, hold.date_until,
               %(amount)s AS amount, hold.move_line_id IS NOT NULL AS by_item
          FROM item
          JOIN account_dunning_hold hold
            ON hold.move_id = item.move_id
           AND (hold.move_line_id IS NULL OR hold.move_line_id = item.move_line_id)
         WHERE %(amount)s > 0 AND %(current)s
         UNION ALL
        SELECT item.move_line_id, item.move_id, NULL, NULL,
               GREATEST(0, LEAST(item.total, item.retention - COALESCE(later.amount, 0))), TRUE
          FROM item
          JOIN res_partner debtor
            ON debtor.id = item.partner_id AND debtor.dunning_regime = 'b2g'
          LEFT JOIN LATERAL (
            SELECT sum(line.amount_currency) AS amount
              FROM account_move_line line
             WHERE line.move_id = item.move_id AND line.account_id IN %(accounts)s
               AND (line.date_maturity, line.id) > (item.due, item.move_line_id)
          ) later ON TRUE
         WHERE item.retention > 0
        """,
        amount=amount_on(scope["held_on"]),
        current=_current(scope, today),
        accounts=tuple(scope["account_ids"]) or (0,),
    )


def parted():
    """How much of each item is on hold: its own holds, then its share of those on its invoice.

    A part of an invoice is allocated to the instalments due first, for each customer if an entry
    has several. Only the invoices with such a part are sorted: sorting all items would cost more
    than the rest of the plan.
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
                SELECT item.move_line_id, item.move_id, item.partner_id, item.currency_id, item.due,
                       item.residual,
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
        running=running(room, SQL("item.move_id, item.partner_id, item.currency_id")),
    )


NONE_HELD = SQL(
    """
    SELECT NULL::int AS move_line_id, NULL::int AS hold_id, NULL::date AS date_until WHERE FALSE
    """
)
# Whether the parts of an item on hold add up to all of it.
HELD_BY_PARTS = SQL(
    """
    UNION ALL
    SELECT part.move_line_id, part.hold_id, part.date_until
      FROM part JOIN parted item ON item.move_line_id = part.move_line_id
     WHERE item.held_amount >= item.residual AND part.hold_id IS NOT NULL
    """
)


def held(scope, today):
    """The hold that stops an item: the one that lasts longest, of those on the item, its invoice
    or its customer; of the parts, where together they hold all of it."""
    present = scope["present"]
    if not present.holds:
        return NONE_HELD
    whole = SQL("COALESCE(hold.amount_held, 0) = 0 AND %s", _current(scope, today))
    return SQL(
        """
        SELECT DISTINCT ON (move_line_id) move_line_id, hold_id, date_until
          FROM (
            %(whole)s
            %(parts)s
          ) hold
         ORDER BY move_line_id, date_until DESC NULLS FIRST, hold_id
        """,
        whole=reaching(
            SQL("item.move_line_id, hold.id AS hold_id, hold.date_until"),
            SQL("item"),
            whole,
            SQL("item.debtor_id"),
        ),
        parts=HELD_BY_PARTS if present.parts else SQL(),
    )

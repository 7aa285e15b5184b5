"""The early-payment discount in the plan: who took it, waiting money included.

``core.discount`` states the same rule in Python, ``core.credits.allocate`` who pays what.
"""

from odoo.tools import SQL

from .items import matched, reductions, running

# The items whose discount was taken: what is reconciled with them in the books, and what waits.
DISCOUNTED = """
    WITH share AS MATERIALIZED (%(shares)s),
    -- The items with a discount of which a part is settled, in the books or by money that waits.
    offer AS (
        SELECT item.move_line_id, item.total, item.discounted, item.discount_date,
               currency.rounding::numeric AS step
          FROM parted item
          JOIN res_currency currency ON currency.id = item.currency_id
         WHERE item.discount_date IS NOT NULL
           AND item.discounted > 0 AND item.discounted < item.total
           AND (item.residual < item.total
                OR item.move_line_id IN (SELECT move_line_id FROM share))
    ),
    -- What reduces them: in the books, by credits that wait, and by other money.
    reduction AS (
        SELECT offer.move_line_id, settled.amount, settled.is_credit_note, settled.on_date
          FROM offer CROSS JOIN LATERAL (%(matched)s) settled
         UNION ALL
        SELECT item_id, amount, is_credit_note, on_date FROM (%(waiting)s) waiting
         UNION ALL
        SELECT move_line_id, amount, FALSE, on_date FROM share WHERE kind <> 'credit'
    )
    SELECT move_line_id
      FROM (
        SELECT offer.*, noted, paid, count
          FROM offer
          JOIN (
            SELECT move_line_id,
                   COALESCE(sum(amount) FILTER (WHERE is_credit_note), 0) AS noted,
                   sum(amount) FILTER (WHERE in_time) AS paid,
                   count(*) FILTER (WHERE in_time) AS count
              FROM (
                SELECT reduction.*, round(reduction.amount / step) <> 0 AND NOT is_credit_note
                       AND on_date <= discount_date AS in_time
                  FROM reduction JOIN offer USING (move_line_id)
              ) reduction
             GROUP BY move_line_id
          ) settled USING (move_line_id)
      ) offer
     -- Less than the price was paid in time, and enough: a step less for the rounding of each.
     WHERE paid > 0 AND paid < total - noted
       AND paid >= round((total - noted) * discounted / total / step) * step - step * count
"""


def discounted(scope):
    """Return the items whose customer took the early-payment discount: ``move_line_id``.

    The discounted amount was there on the last day, apart from rounding each time. Money that is
    not yet reconciled with the item counts by its date, and as what it will be then: a credit note
    reduces the price, a loss is no payment.
    """
    if not scope["present"].discounts:
        return SQL("SELECT NULL::int AS move_line_id WHERE FALSE")
    waits = scope["money"] is None or scope["present"].money
    root_id = scope["root_id"]
    return SQL(
        DISCOUNTED,
        shares=_shares() if waits else NO_SHARES,
        matched=reductions(matched(SQL("partial.debit_move_id = offer.move_line_id")), root_id),
        waiting=reductions(
            SQL(
                """
                SELECT move_line_id AS item_id, source_id AS credit_id, amount
                  FROM share WHERE kind = 'credit'
                """
            ),
            root_id,
        ),
    )


# ``_shares`` if no money waits.
NO_SHARES = SQL(
    """
    SELECT NULL::int AS move_line_id, NULL::text AS kind, NULL::int AS source_id,
           NULL::numeric AS amount, NULL::date AS on_date WHERE FALSE
    """
)


# Each side laid end to end: the overlap of an amount and an item is the share that covers it.
SHARES = """
    WITH
    -- His money, each sum at its place among those for the same invoice.
    money AS (
        SELECT kind, source_id, partner_id, currency_id, move_id, on_date, amount,
               %(own_before)s AS before
          FROM kept
         WHERE is_sure AND amount > 0
           AND partner_id IN (SELECT partner_id FROM item WHERE discount_date IS NOT NULL)
    ),
    -- His items: what their own money covers, what is left, and the place of each.
    owing_item AS (
        SELECT item.move_line_id, move_id, partner_id, currency_id, due,
               referred_amount, %(left)s AS left_amount,
               %(referred_before)s AS referred_before, %(left_before)s AS left_before
          FROM referred item WHERE NOT is_outflow
    ),
    -- What is left of a sum after the items of the invoice to which it refers.
    rest AS (
        SELECT money.*, money.amount - taken AS left_amount, %(rest_before)s AS left_before
          FROM (
            SELECT money.*, LEAST(money.amount, GREATEST(0, COALESCE(own.amount, 0) - before))
                   AS taken
              FROM money
              LEFT JOIN (
                SELECT move_id, partner_id, currency_id, sum(referred_amount) AS amount
                  FROM owing_item GROUP BY move_id, partner_id, currency_id
              ) own USING (move_id, partner_id, currency_id)
          ) money
    ),
    -- The overlaps: on the own invoice first, then on all.
    part AS (
        SELECT item.move_line_id, money.kind, money.source_id, money.on_date,
               LEAST(before + amount, referred_before + referred_amount)
               - GREATEST(before, referred_before) AS amount
          FROM owing_item item JOIN money USING (move_id, partner_id, currency_id)
         UNION ALL
        SELECT item.move_line_id, rest.kind, rest.source_id, rest.on_date,
               LEAST(rest.left_before + rest.left_amount, item.left_before + item.left_amount)
               - GREATEST(rest.left_before, item.left_before)
          FROM owing_item item JOIN rest USING (partner_id, currency_id)
    )
    SELECT move_line_id, kind, source_id, sum(amount) AS amount, on_date
      FROM part
     WHERE amount > 0
       AND move_line_id IN (SELECT move_line_id FROM item WHERE discount_date IS NOT NULL)
     GROUP BY move_line_id, kind, source_id, on_date
"""


def _shares():
    """How much of which payment, certainly his, covers which item that offers a discount.

    ``cover`` states the same in sums: credits by date, items by due date, each side laid end to
    end. The overlap is the share, first on the invoice that a credit refers to, then on all.
    ``core.credits.allocate`` does the same.
    """
    by_day = SQL("on_date, move_id, kind, source_id")
    left = SQL("GREATEST(0, owed - referred_amount)")
    own, all_ = SQL("move_id, partner_id, currency_id"), SQL("partner_id, currency_id")
    return SQL(
        SHARES,
        own_before=running(SQL("amount"), own, by_day),
        left=left,
        referred_before=running(SQL("referred_amount"), own),
        left_before=running(left, all_),
        rest_before=running(SQL("money.amount - taken"), all_, by_day),
    )


# -- What was refunded or returned -----------------------------------------------------------------

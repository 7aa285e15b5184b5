"""A number for each customer that changes whenever the plan of a day would change for him.

It is computed from the results of the first steps of the plan, row by row: his items, the waiting
money, the level reached by each item, the last notices to him; and from what later steps read about
him: the holds in force, his record. What they read independently of customers (levels, policies,
rules, currencies) is one number for all: ``common``. ``tests/orm/notice/test_plan_memory.py`` asks
PostgreSQL which columns the plan reads, and makes random changes.

For some customers no number is sufficient, since a step reads something in the books that none of
these rows shows: customers who may have taken an early-payment discount (everything matched), and
customers who withhold a retention of guarantee (the other instalments). Their digest is NULL: they
are planned each time.
"""

from odoo.tools import SQL

from . import credits, decision
from .items import item, of_partners

# What later steps read about a customer.
OF_CUSTOMER = SQL(
    """
    ROW(partner.id, partner.dunning_policy_id, partner.dunning_pay_mode, partner.dunning_regime,
        partner.dunning_profile, partner.industry_id)
    """
)
# What they read independently of customers.
COMMON = ("account_dunning_level", "account_dunning_policy", "account_dunning_rule", "res_currency")
# The columns of money that matter when it is set against items: not its labels.
MONEY = SQL(
    "ROW(kind, source_id, currency_id, move_id, is_sure, on_date, is_credit_note, amount, value)"
)


def seen(row, place):
    """A 64-bit number for a row, as SQL; rows of different kinds have different places.

    Hashed twice: the hash of a row adds up the hashes of its columns, so two rows that exchange a
    value would have the same sum.
    """
    return SQL("hashint8extended(hash_record_extended(%s, %s), %s)", row, place, place)


def digests(scope, today, messages):
    """Return everything that determines a customer's part in the plan of a day, as one number.

    :param dict scope: as for ``build``
    :param date today: the day of the plan
    :param SQL messages: the notices being prepared for customers: selects ``partner_id``, ``seen``
        and whether that changes the plan (``is_chosen``)
    :return: ``SQL`` selecting ``partner_id`` and ``digest`` (NULL if no number is sufficient)
    """
    return SQL(
        """
        WITH item AS (%(items)s),
        %(money)s,
        taken AS (%(taken)s),
        contact AS (%(contact)s),
        message AS (%(messages)s),
        found AS (%(found)s)
        SELECT customer.partner_id, CASE WHEN NOT apart THEN total + %(partner)s END AS digest
          FROM (
            SELECT partner_id, sum(seen) AS total,
                   bool_or(is_read_apart) OR bool_or(may_take_discount) AND bool_or(pays) AS apart
              FROM found GROUP BY partner_id
          ) customer
          JOIN res_partner partner ON partner.id = customer.partner_id AND %(asked)s
        """,
        items=_items(scope),
        money=credits.steps(scope) if scope["money"] is None else credits.read_before(scope),
        taken=decision.taken(scope, today),
        contact=decision.contact(scope, today),
        messages=messages,
        found=_found(scope),
        partner=seen(OF_CUSTOMER, 6),
        asked=of_partners(scope, SQL("partner.id")),
    )


def _found(scope):
    """Each row of a customer as one number, with the flags that exclude him from the digest."""
    return SQL(
        """
        SELECT partner_id, seen, is_read_apart, may_take_discount, FALSE AS pays FROM item
         UNION ALL
        SELECT partner_id, %(kept)s, FALSE, FALSE, TRUE FROM kept
         UNION ALL
        SELECT partner_id, %(given_back)s, FALSE, FALSE, TRUE
          FROM given_back WHERE move_line_id IS NOT NULL
         UNION ALL
        SELECT item.partner_id, %(level)s, FALSE, FALSE, FALSE
          FROM taken JOIN item ON item.move_line_id = taken.move_line_id
         UNION ALL
        SELECT partner_id, %(last)s, FALSE, FALSE, FALSE FROM contact
         UNION ALL
        SELECT partner_id, seen, is_chosen, FALSE, FALSE FROM message
        %(holds)s
        """,
        kept=seen(MONEY, 2),
        given_back=seen(SQL("ROW(move_line_id, amount)"), 3),
        level=seen(SQL("taken"), 4),
        last=seen(SQL("contact"), 5),
        holds=_holds(scope),
    )


def _items(scope):
    """The items, each with its number and the columns that join the money and the holds."""
    return SQL(
        """
        SELECT move_line_id, move_id, partner_id, currency_id, cycle, due, residual, is_outflow,
               %s AS seen,
               COALESCE(retention > 0 OR is_offered AND residual < total, FALSE) AS is_read_apart,
               COALESCE(is_offered, FALSE) AS may_take_discount
          FROM (%s) item
         CROSS JOIN LATERAL (
            SELECT discount_date IS NOT NULL AND discounted > 0 AND discounted < total AS is_offered
         ) offer
        """,
        seen(SQL("item"), 1),
        scope["items"] or item(scope),
    )


def _holds(scope):
    """The holds on the customers, on those whose contacts they have become, and on their items."""
    if not scope["present"].holds:
        return SQL()
    ways = (
        SQL("hold.partner_id FROM hold"),
        SQL(
            "holder.commercial_partner_id FROM hold"
            " JOIN res_partner holder ON holder.id = hold.partner_id"
        ),
        SQL("item.partner_id FROM hold JOIN item ON item.move_line_id = hold.move_line_id"),
        SQL("item.partner_id FROM hold JOIN item ON item.move_id = hold.move_id"),
    )
    return SQL(" ").join(
        SQL(
            """
            UNION ALL
            SELECT held.partner_id, held.seen, FALSE, FALSE, FALSE
              FROM (
                WITH hold AS (
                    SELECT * FROM account_dunning_hold
                     WHERE company_id = %s AND released_on IS NULL
                )
                SELECT %s AS seen, %s
              ) held (seen, partner_id)
            """,
            scope["creditor_id"],
            seen(SQL("hold"), 7),
            way,
        )
        for way in ways
    )


def common():
    """Return the query of one number for what the plan reads independently of customers."""
    return SQL(
        "SELECT sum(seen)::text FROM (%s) row",
        SQL(" UNION ALL ").join(
            SQL("SELECT %s AS seen FROM %s each", seen(SQL("each"), place), SQL.identifier(table))
            for place, table in enumerate(COMMON)
        ),
    )

"""What the dashboard tells by customer: holds, formal notices, activity, limits, who owes most.

Each function returns ``SQL`` of rows ``(section, key, amount, count)``; they read the parts of
``account_dunning_dashboard_parts_query`` by their names.
"""

from odoo.tools import SQL

from .account_dunning_dashboard_efforts_query import acted

TOP = 20
LISTED = 200  # customers that a list is asked for by their numbers


def customer_sums(scope):
    """What is told by customer or by item: holds, formal notices, activity, limitation, top."""
    return (
        SQL(
            """
            SELECT 'held', reason, sum(residual), count(DISTINCT partner_id)
              FROM held GROUP BY reason
            """
        ),
        SQL(
            """
            SELECT 'formal', expired::text, sum(residual), count(DISTINCT partner_id)
              FROM (%s) formal GROUP BY expired
            """,
            _formal(scope),
        ),
        SQL(
            """
            SELECT 'debtor', (acted.partner_id IS NOT NULL)::text, NULL, count(*)::int
              FROM debtor LEFT JOIN (%s) acted USING (partner_id) GROUP BY 2
            """,
            acted(scope),
        ),
        _limit(scope),
        *([_over_credit(scope)] if scope["credit_limit"] is not None else []),
        SQL("(%s)", _top()),
    )


def _over_credit(scope):
    """What the customers with a credit limit owe beyond it, of all that they owe.

    Keys: ``limit`` granted, ``owed``, ``over`` and, after it, the customers furthest beyond.
    """
    return SQL(
        """
        SELECT 'credit_limit', sums.key, sums.amount, sums.customers
          FROM (
            SELECT sum(credit) AS credit, sum(owed) AS owed,
                   sum(GREATEST(owed - credit, 0)) AS beyond, count(*)::int AS customers,
                   (count(*) FILTER (WHERE owed > credit))::int AS over_count,
                   (array_agg(partner_id ORDER BY owed - credit DESC)
                       FILTER (WHERE owed > credit))[:%(listed)s] AS over_ids
              FROM (
                SELECT customer.partner_id, customer.owed,
                       COALESCE((partner.credit_limit ->> %(company)s)::numeric, %(usual)s)
                           AS credit
                  FROM customer JOIN res_partner partner ON partner.id = customer.partner_id
              ) granted WHERE credit > 0 AND owed > 0
          ) credit
         CROSS JOIN LATERAL (VALUES
            ('limit', credit, customers), ('owed', owed, customers),
            ('over ' || COALESCE(array_to_string(over_ids, ' '), ''), beyond, over_count)
         ) sums (key, amount, customers)
         WHERE credit.customers > 0
        """,
        company=str(scope["company_ids"][0]),
        usual=scope["credit_limit"],
        listed=LISTED,
    )


def _limit(scope):
    """What is soon time-barred, by the legal regime of the customer."""
    limits = scope["limits"]
    return SQL(
        """
        SELECT 'limit', '', sum(item.residual), count(*)::int
          FROM item JOIN res_partner partner ON partner.id = item.partner_id
         WHERE item.kept AND item.residual > 0 AND item.due <= %(any_limit)s
           AND item.due <= CASE partner.dunning_regime %(limits)s ELSE %(limit)s END
        """,
        any_limit=max(limits.values()),
        limit=limits["b2b"],
        limits=SQL(" ").join(
            SQL("WHEN %s THEN %s::date", regime, day) for regime, day in limits.items()
        ),
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
           AND notice.has_left
           AND notice.date <= %(as_of)s AND notice.company_id IN %(creditors)s
         GROUP BY item.move_line_id, item.residual, item.partner_id
        """,
        as_of=scope["as_of"],
        creditors=scope["creditor_ids"],
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

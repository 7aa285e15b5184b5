"""Sums by customer: most overdue, on hold, under formal notice, acted upon, over the limit.

They read the steps ``item``, ``held``, ``settled`` and ``customer`` of ``items.situation``.
"""

from odoo.tools import SQL

from ...notice.formal_notice import STANDS_SQL

TOP = 20
DEBTOR = SQL("SELECT * FROM customer WHERE overdue > 0")


def customer():
    """What each customer owes in total and overdue, and the age of his oldest item, in days."""
    return SQL(
        """
        SELECT partner_id, sum(residual) AS owed,
               sum(residual) FILTER (WHERE late > 0 AND NOT is_credit) AS overdue,
               max(late) FILTER (WHERE late > 0 AND NOT is_credit) AS oldest
          FROM item WHERE kept AND partner_id IS NOT NULL
         GROUP BY partner_id
        """
    )


def sums(scope):
    """Sums by customer or by item: holds, formal notices, activity, limitation, top."""
    return (
        SQL(
            """
            SELECT 'held', reason, sum(residual), count(*)::int
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
            SELECT 'debtors', (acted.partner_id IS NOT NULL)::text, NULL, count(*)::int
              FROM debtor LEFT JOIN (%s) acted USING (partner_id) GROUP BY 2
            """,
            _acted(scope),
        ),
        _limit(scope),
        *([_over_credit(scope)] if scope.credit_limit is not None else []),
        SQL("(%s)", top()),
    )


def _acted(scope):
    """The customers written to, called, or who paid, since the opening: ``(partner_id)``."""
    return SQL(
        """
        SELECT partner_id FROM account_dunning_notice
         WHERE state = 'sent' AND has_left AND kind <> 'courtesy' AND company_id IN %(creditors)s
           AND date > %(opening)s AND date <= %(as_of)s
        UNION
        SELECT partner_id FROM account_dunning_call
         WHERE state = 'done' AND company_id IN %(creditors)s
           AND done_on >= %(opening_end)s AND done_on < %(end)s
        UNION
        SELECT partner_id FROM settled WHERE is_money AND on_day > %(opening)s
        """,
        **scope.bounds,
    )


def _limit(scope):
    """What will soon be time-barred, according to the legal regime of the customer."""
    limits = scope.limits
    return SQL(
        """
        SELECT 'time_barred', '', sum(item.residual), count(*)::int
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


def _over_credit(scope):
    """What customers owe beyond their credit limit, of all that they owe.

    Section ``credit_limit``: what is granted, owed, and beyond.
    """
    return SQL(
        """
        SELECT sums.section, sums.key, sums.amount, sums.customers
          FROM (
            SELECT sum(credit) AS credit, sum(owed) AS owed,
                   sum(GREATEST(owed - credit, 0)) AS beyond, count(*)::int AS customers,
                   (count(*) FILTER (WHERE owed > credit))::int AS over_count
              FROM (%s) granted
          ) credit
         CROSS JOIN LATERAL (
            VALUES ('credit_limit', 'limit', credit, customers),
                   ('credit_limit', 'owed', owed, customers),
                   ('credit_limit', 'over', beyond, over_count)
         ) sums (section, key, amount, customers)
         WHERE credit.customers > 0
        """,
        _granted(scope),
    )


def _granted(scope):
    """The customers with a credit limit who owe something."""
    return SQL(
        """
        SELECT * FROM (
            SELECT customer.partner_id, customer.owed,
                   COALESCE((partner.credit_limit ->> %(company)s)::numeric, %(usual)s) AS credit
              FROM customer JOIN res_partner partner ON partner.id = customer.partner_id
          ) granted WHERE credit > 0 AND owed > 0
        """,
        company=str(scope.company_ids[0]),
        usual=scope.credit_limit,
    )


def beyond_by_item(scope):
    """Return how much of each item is beyond the credit limit: ``(move_line_id, amount)``.

    Credits are set against the oldest items, and what is due last is beyond: the sum by customer is
    what he owes beyond his limit.
    """
    return SQL(
        """
        SELECT move_line_id,
               GREATEST(running - credit, 0) - GREATEST(running - residual - credit, 0) AS amount
          FROM (
            SELECT item.move_line_id, item.residual, granted.credit, sum(item.residual) OVER (
                       PARTITION BY item.partner_id
                       ORDER BY item.is_credit DESC, item.due, item.move_line_id
                       ROWS UNBOUNDED PRECEDING) AS running
              FROM item JOIN (%s) granted ON granted.partner_id = item.partner_id
             WHERE item.kept
          ) owed
        """,
        _granted(scope),
    )


def _formal(scope):
    """The open items under a formal notice, and whether its printed deadline has expired."""
    return SQL(
        f"""
        SELECT item.residual, item.partner_id, max(notice.deadline) < %(as_of)s AS expired
          FROM account_dunning_notice notice
          JOIN account_dunning_notice_line claimed ON claimed.notice_id = notice.id
          JOIN item ON item.move_line_id = claimed.move_line_id AND item.kept AND item.residual > 0
          JOIN account_move_line line ON line.id = claimed.move_line_id
           AND COALESCE(line.dunning_cycle, 0) = COALESCE(claimed.cycle, 0)
         WHERE {STANDS_SQL}
           AND notice.date <= %(as_of)s AND notice.company_id IN %(creditors)s
         GROUP BY item.move_line_id, item.residual, item.partner_id
        """,
        as_of=scope.as_of,
        creditors=scope.creditor_ids,
    )


def top():
    """The most overdue customers; the count is the age of the oldest item, in days."""
    return SQL(
        """
        SELECT 'top', partner_id::text, overdue, oldest
          FROM debtor ORDER BY overdue DESC, partner_id LIMIT %s
        """,
        TOP,
    )

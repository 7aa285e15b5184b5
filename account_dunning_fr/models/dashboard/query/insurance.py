"""What an insurer covers of the amounts owed on the day, and what he was told too late.

Sums only. They read the step ``item`` of ``items``, and the covers and insured items of the
creditors. The rules are those of ``core/insurance.py`` and ``core/insured_steps.py``.
"""

from odoo.tools import SQL


def sums(scope):
    """Return the queries of the credit insurance sections; no rows if there is no contract.

    :param Scope scope: bounds of the queries
    """
    creditor = _creditor(scope)
    return (_covered(scope, creditor), _alone(scope), _late(scope))


def _creditor(scope):
    """Return the companies of the scope with their creditors, as rows."""
    pairs = [SQL("(%s, %s)", each.id, each.dunning_creditor_id.id) for each in scope.companies]
    return SQL("(VALUES %s) creditor (company_id, creditor_id)", SQL(", ").join(pairs))


def _covered(scope, creditor):
    """What is covered, by cover: its invoices, up to its limit."""
    return SQL(
        """
        SELECT 'insured', cover_id::text, LEAST(owed, granted), 1
          FROM (
            SELECT cover_id, sum(residual) AS owed, max(granted) AS granted
              FROM (%s) insured GROUP BY cover_id
          ) covered WHERE owed > 0
        """,
        _insured(scope, creditor),
    )


def by_item(scope):
    """Return how much of each item is covered: ``(move_line_id, amount)``, no row if nothing is.

    A cover reaches the oldest items first, with the credits set against them: the sums by cover are
    those of ``_covered``.
    """
    return SQL(
        """
        SELECT move_line_id, sum(GREATEST(0, LEAST(running, granted))
                               - GREATEST(0, LEAST(running - residual, granted))) AS amount
          FROM (
            SELECT insured.*, sum(residual) OVER (
                       PARTITION BY cover_id ORDER BY is_credit DESC, due, move_line_id
                       ROWS UNBOUNDED PRECEDING) AS running
              FROM (%s) insured
          ) insured
         GROUP BY move_line_id
        """,
        _insured(scope, _creditor(scope)),
    )


def _insured(scope, creditor):
    """The items under a cover, each with the limit that the insurer grants on its customer."""
    return SQL(
        """
            SELECT cover.id AS cover_id, item.move_line_id, item.residual, item.is_credit, item.due,
                   %(limit)s AS granted
              FROM item
              JOIN account_move move ON move.id = item.move_id
              JOIN %(creditor)s ON creditor.company_id = move.company_id
              JOIN account_dunning_cover cover ON cover.partner_id = item.partner_id
               AND cover.company_id = creditor.creditor_id AND cover.decision = 'granted'
               AND cover.date_from <= COALESCE(move.invoice_date, move.date)
               AND COALESCE(cover.date_until >= COALESCE(move.invoice_date, move.date), TRUE)
              JOIN account_dunning_insurance insurance ON insurance.id = cover.insurance_id
             WHERE item.kept AND (item.is_credit OR NOT %(excluded)s)
        """,
        limit=scope.converted(SQL('cover."limit"'), "cover"),
        creditor=creditor,
        excluded=_excluded(scope),
    )


def _excluded(scope):
    """Whether a contract excludes an item: its term is too long, or it is disputed."""
    return SQL(
        """
        (COALESCE(insurance.term_days, 0) > 0
          AND item.due > COALESCE(move.invoice_date, move.date) + insurance.term_days
          OR insurance.excludes_disputes AND EXISTS (
            SELECT FROM account_dunning_dispute dispute
             WHERE dispute.move_id = item.move_id
               AND COALESCE(dispute.move_line_id = item.move_line_id, TRUE)
               AND dispute.date_open <= %(as_of)s
               AND COALESCE(dispute.closed_on > %(as_of)s, TRUE)))
        """,
        as_of=scope.as_of,
    )


def _alone(scope):
    """What is owed by customers whom nobody covers on the day."""
    return SQL(
        """
        SELECT 'uninsured', 'alone', COALESCE(sum(item.residual) FILTER (WHERE item.kept
               AND NOT EXISTS (
                SELECT FROM account_dunning_cover cover
                 WHERE cover.partner_id = item.partner_id AND cover.decision = 'granted'
                   AND cover.company_id IN %(creditors)s AND cover.date_from <= %(as_of)s
                   AND COALESCE(cover.date_until >= %(as_of)s, TRUE))), 0), 1
          FROM item
        HAVING EXISTS (SELECT FROM account_dunning_insurance insurance
                        WHERE insurance.active AND insurance.company_id IN %(creditors)s)
        """,
        creditors=scope.creditor_ids,
        as_of=scope.as_of,
    )


def _late(scope):
    """What the insurer was told after a deadline of the contract, or not by then, by item."""
    return SQL(
        """
        SELECT 'told_late', insured.id::text, item.residual, 1
          FROM item
          JOIN account_dunning_insured insured ON insured.move_line_id = item.move_line_id
         WHERE item.kept AND item.residual > 0 AND insured.excluded IS NULL
           AND (insured.notify_by < LEAST(insured.notified_on, %(as_of)s)
             OR insured.intervene_by < LEAST(insured.asked_on, %(as_of)s))
        """,
        as_of=scope.as_of,
    )

"""The figures of the dashboard as set-based queries: sums only, no formula.

Each function returns ``SQL`` whose rows are ``(section, key, amount, count)``; the formulas are in
``core``. A scope is the dict of ``account.dunning.dashboard._get_scope``.
"""

from odoo.tools import SQL

from ..core.delays import AGES

# Money, and not a credit note or a write-off: what arrives by a journal of liquidity.
MONEY_JOURNALS = ("bank", "cash", "credit")
DOUBTFUL = ("dispute", "insolvency", "case")
SALES = ("out_invoice", "out_refund", "out_receipt")
TOP = 20


def factor(scope, alias):
    """Return the rate from the currency of a row's company to that of the dashboard, on the day."""
    cases = [SQL("WHEN %s THEN %s", company, rate) for company, rate in scope["rates"].items()]
    return SQL("CASE %s.company_id %s END", SQL(alias), SQL(" ").join(cases))


def kept(scope, currency):
    """Return the condition of the filters, on the commercial partner and a row's currency."""
    collector = SQL("COALESCE(partner.dunning_user_id, partner.user_id)")
    columns = {
        "salesperson_id": SQL("partner.user_id"),
        "collector_id": collector,
        "currency_id": currency,
    }
    conditions = [
        SQL("%s = %s", column, scope[name]) for name, column in columns.items() if scope.get(name)
    ]
    if regime := scope.get("regime"):
        conditions.append(
            SQL("partner.dunning_regime IS NULL")
            if regime == "none"
            else SQL("partner.dunning_regime = %s", regime)
        )
    return SQL(" AND ").join(conditions) if conditions else SQL("TRUE")


def situation(scope, open_items, commitments):
    """Return what is owed on the day: totals, ages, holds, late customers, forecast.

    :param open_items: query of ``account.dunning.balance``
    :param commitments: query of ``(move_line_id, committed_on)``: what customers promised
    """
    return SQL(
        """
        WITH open_item AS (%(open_items)s),
        item AS MATERIALIZED (%(item)s),
        held AS MATERIALIZED (%(held)s),
        paid AS MATERIALIZED (%(paid)s),
        commitment AS (
            SELECT move_line_id, max(committed_on) AS committed_on
              FROM (%(commitments)s) source GROUP BY move_line_id
        ),
        expected AS (%(expected)s)
        SELECT 'books', company_id::text, sum(residual), count(*) FROM item GROUP BY company_id
        UNION ALL
        SELECT 'orphan', '', sum(residual), count(*) FROM item
         WHERE partner_id IS NULL HAVING count(*) > 0
        UNION ALL
        SELECT 'age', age::text, sum(residual), count(*) FROM item WHERE kept GROUP BY age
        UNION ALL
        SELECT 'credit', '', sum(residual), count(*) FROM item WHERE kept AND residual < 0
        UNION ALL
        SELECT 'late', late::text, sum(residual), count(*)
          FROM item WHERE kept AND late > 0 AND residual > 0 GROUP BY late
        UNION ALL
        SELECT 'paid', days::text, sum(amount), NULL FROM paid GROUP BY days
        UNION ALL
        SELECT 'held', reason, sum(residual), count(DISTINCT partner_id) FROM held GROUP BY reason
        UNION ALL
        SELECT 'formal', expired::text, sum(residual), count(DISTINCT partner_id)
          FROM (%(formal)s) formal GROUP BY expired
        UNION ALL
        SELECT 'expected', expected_on || ' ' || certainty, sum(residual), count(*)
          FROM expected GROUP BY expected_on, certainty
        UNION ALL
        (%(top)s)
        """,
        open_items=open_items,
        item=_item(scope),
        held=_held(scope),
        paid=_paid(scope),
        commitments=commitments,
        expected=_expected(scope),
        formal=_formal(scope),
        top=_top(),
    )


def _item(scope):
    late = SQL("%s - open_item.date_maturity", scope["as_of"])
    return SQL(
        """
        SELECT open_item.move_line_id, open_item.move_id, open_item.company_id,
               open_item.partner_id, open_item.date_maturity AS due,
               open_item.residual * %(factor)s AS residual,
               %(late)s AS late,
               width_bucket(%(late)s, %(ages)s) AS age,
               COALESCE(%(kept)s, FALSE) AS kept
          FROM open_item
          LEFT JOIN res_partner partner ON partner.id = open_item.partner_id
        """,
        factor=factor(scope, "open_item"),
        late=late,
        ages=[last + 1 for last in AGES],
        kept=kept(scope, SQL("open_item.currency_id")),
    )


def _held(scope):
    """The items on hold on the day, once for each reason."""
    current = SQL(
        """
        item.kept AND item.residual > 0 AND hold.company_id IN %(creditors)s
        AND hold.date_from <= %(as_of)s
        AND (hold.date_until IS NULL OR hold.date_until >= %(as_of)s)
        AND (hold.released_on IS NULL OR hold.released_on > %(as_of)s)
        """,
        creditors=scope["creditor_ids"],
        as_of=scope["as_of"],
    )
    select = SQL(
        """
        SELECT hold.reason, hold.date_until, item.move_line_id, item.partner_id, item.residual
          FROM account_dunning_hold hold JOIN item
        """
    )
    return SQL(
        """
        SELECT reason, move_line_id, partner_id, residual, max(date_until) AS date_until
          FROM (
            %(select)s ON hold.move_line_id = item.move_line_id WHERE %(current)s
            UNION ALL
            %(select)s ON hold.move_id = item.move_id AND hold.move_line_id IS NULL
             WHERE %(current)s
            UNION ALL
            %(select)s ON hold.partner_id = item.partner_id AND hold.move_id IS NULL
             WHERE %(current)s
          ) hold
         GROUP BY reason, move_line_id, partner_id, residual
        """,
        select=select,
        current=current,
    )


def _money(scope, since):
    """Reconciliations of receivables with money received from a day (excluded) to the as-of day."""
    return SQL(
        """
          FROM account_partial_reconcile partial
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
          JOIN account_journal journal ON journal.id = credit.journal_id
           AND journal.type IN %(types)s
          JOIN account_move_line item ON item.id = partial.debit_move_id
          JOIN account_account account ON account.id = item.account_id
           AND account.account_type = 'asset_receivable'
          LEFT JOIN res_partner debtor ON debtor.id = item.partner_id
          LEFT JOIN res_partner partner ON partner.id = debtor.commercial_partner_id
         WHERE partial.max_date > %(since)s AND partial.max_date <= %(as_of)s
           AND item.company_id IN %(companies)s AND item.parent_state = 'posted'
           AND %(kept)s
        """,
        types=MONEY_JOURNALS,
        since=since,
        as_of=scope["as_of"],
        companies=scope["company_ids"],
        kept=kept(scope, SQL("item.currency_id")),
    )


def _paid(scope):
    """What was paid in the last twelve months, by customer and number of days late."""
    return SQL(
        """
        SELECT debtor.commercial_partner_id AS partner_id,
               credit.date - item.date_maturity AS days,
               sum(partial.amount * %(factor)s) AS amount
          %(money)s AND item.date_maturity IS NOT NULL
         GROUP BY debtor.commercial_partner_id, credit.date - item.date_maturity
        """,
        factor=factor(scope, "item"),
        money=_money(scope, scope["year_ago"]),
    )


def _expected(scope):
    """When each open item is expected, as ``core.forecast.expect`` says it."""
    return SQL(
        """
        SELECT item.residual,
               CASE WHEN commitment.committed_on >= %(as_of)s THEN commitment.committed_on
                    ELSE GREATEST(usual.day, %(as_of)s) END AS expected_on,
               CASE WHEN doubtful.move_line_id IS NOT NULL THEN 'at_risk'
                    WHEN commitment.committed_on >= %(as_of)s THEN 'certain'
                    WHEN commitment.committed_on IS NOT NULL THEN 'at_risk'
                    WHEN GREATEST(usual.day, item.due) < %(as_of)s THEN 'at_risk'
                    ELSE 'probable' END AS certainty
          FROM item
          LEFT JOIN (
            SELECT partner_id, round(sum(days * amount) / sum(amount))::int AS days
              FROM paid GROUP BY partner_id HAVING sum(amount) > 0
          ) habit ON habit.partner_id = item.partner_id
          CROSS JOIN LATERAL (SELECT item.due + COALESCE(habit.days, 0) AS day) usual
          LEFT JOIN commitment ON commitment.move_line_id = item.move_line_id
          LEFT JOIN (
            SELECT DISTINCT move_line_id FROM held WHERE reason IN %(doubtful)s
          ) doubtful ON doubtful.move_line_id = item.move_line_id
         WHERE item.kept AND item.residual > 0
        """,
        as_of=scope["as_of"],
        doubtful=DOUBTFUL,
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
        SELECT 'top', partner_id::text, sum(residual) AS overdue,
               max(late) FILTER (WHERE residual > 0)
          FROM item
         WHERE kept AND late > 0 AND partner_id IS NOT NULL
         GROUP BY partner_id HAVING sum(residual) > 0
         ORDER BY overdue DESC, partner_id LIMIT %s
        """,
        TOP,
    )


def sales(scope):
    """Return the sales of each month, taxes included and less credit notes; newest first."""
    return SQL(
        """
        SELECT 'sales', date_trunc('month', move.date)::date::text,
               sum(move.amount_total_signed * %(factor)s), count(*)
          %(sold)s GROUP BY 2 ORDER BY 2 DESC
        """,
        factor=factor(scope, "move"),
        sold=_sold(scope, scope["sales_since"]),
    )


def _sold(scope, since):
    """Invoices and credit notes from a day (excluded) to the as-of day."""
    return SQL(
        """
          FROM account_move move
          LEFT JOIN res_partner partner ON partner.id = move.commercial_partner_id
         WHERE move.move_type IN %(types)s AND move.state = 'posted'
           AND move.company_id IN %(companies)s
           AND move.date > %(since)s AND move.date <= %(as_of)s AND %(kept)s
        """,
        types=SALES,
        companies=scope["company_ids"],
        since=since,
        as_of=scope["as_of"],
        kept=kept(scope, SQL("move.currency_id")),
    )


def period(scope, opening_items):
    """Return what was owed at the opening of the period, and collected of it since.

    :param opening_items: query of ``account.dunning.balance`` at the opening
    """
    return SQL(
        """
        SELECT 'opening', (opening.date_maturity < %(opening)s)::text,
               sum(opening.residual * %(factor)s), count(*)
          FROM (%(items)s) opening
          LEFT JOIN res_partner partner ON partner.id = opening.partner_id
         WHERE %(kept)s GROUP BY 2
        UNION ALL
        SELECT 'collected', '', sum(partial.amount * %(item_factor)s), count(*)
          %(money)s AND item.date_maturity < %(opening)s AND item.date <= %(opening)s
        UNION ALL
        SELECT 'sold', '', sum(move.amount_total_signed * %(move_factor)s), count(*)
          %(sold)s
        """,
        items=opening_items,
        opening=scope["opening"],
        factor=factor(scope, "opening"),
        item_factor=factor(scope, "item"),
        kept=kept(scope, SQL("opening.currency_id")),
        money=_money(scope, scope["opening"]),
        move_factor=factor(scope, "move"),
        sold=_sold(scope, scope["opening"]),
    )

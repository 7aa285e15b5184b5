"""The figures of the dashboard as set-based queries: sums only, no formula.

Each function returns ``SQL`` whose rows are ``(section, key, amount, count)``; the formulas are in
``core``. A scope is the dict of ``account.dunning.dashboard._get_scope``.
"""

from odoo.tools import SQL

# Money, and not a credit note or a write-off: what arrives by a journal of liquidity.
MONEY_JOURNALS = ("bank", "cash", "credit")
DOUBTFUL = ("dispute", "insolvency", "case")
SALES = ("out_invoice", "out_refund", "out_receipt")
TOP = 20


def converted(scope, amount, alias):
    """Return an amount of a row's company in the currency of the dashboard, at the day's rate."""
    if set(scope["rates"].values()) == {1.0}:
        return amount
    cases = [SQL("WHEN %s THEN %s", company, rate) for company, rate in scope["rates"].items()]
    return SQL("%s * CASE %s.company_id %s END", amount, SQL(alias), SQL(" ").join(cases))


def kept(scope, partner, currency):
    """Return the condition of the filters.

    :param partner: ``SQL`` alias of the commercial partner
    :param currency: ``SQL`` of the row's currency
    """
    columns = {
        "salesperson_id": SQL("%s.user_id", partner),
        "collector_id": SQL("COALESCE(%(p)s.dunning_user_id, %(p)s.user_id)", p=partner),
        "currency_id": currency,
    }
    conditions = [
        SQL("%s = %s", column, scope[name]) for name, column in columns.items() if scope[name]
    ]
    if regime := scope["regime"]:
        conditions.append(
            SQL("%s.id IS NOT NULL AND %s.dunning_regime IS NULL", partner, partner)
            if regime == "none"
            else SQL("%s.dunning_regime = %s", partner, regime)
        )
    return SQL("(%s)", SQL(" AND ").join(conditions)) if conditions else SQL("TRUE")


def situation(scope, open_items, commitments):
    """Return what is owed on the day, what was owed at the opening, receipts and forecast.

    :param open_items: query of ``account.dunning.balance``
    :param commitments: query of ``(move_line_id, committed_on)``: what customers promised
    """
    return SQL(
        """
        WITH open_item AS (%(open_items)s),
        item AS MATERIALIZED (%(item)s),
        held AS MATERIALIZED (%(held)s),
        settled AS MATERIALIZED (%(settled)s),
        paid AS MATERIALIZED (%(paid)s),
        commitment AS (
            SELECT move_line_id, max(committed_on) AS committed_on
              FROM (%(commitments)s) source GROUP BY move_line_id
        ),
        expected AS (%(expected)s),
        opening AS (%(opening)s)
        SELECT CASE WHEN kept THEN 'kept' ELSE 'left_out' END, late::text,
               sum(residual), count(*) FROM item GROUP BY kept, late
        UNION ALL
        SELECT 'orphan', '', sum(residual), count(*) FROM item
         WHERE partner_id IS NULL HAVING count(*) > 0
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
        SELECT 'opening', overdue::text, sum(residual), NULL FROM opening GROUP BY overdue
        UNION ALL
        SELECT 'collected', '', sum(amount), count(*) FROM settled
         WHERE is_money AND debit_kept AND on_day > %(opened)s
           AND debit_due < %(opened)s AND debit_date <= %(opened)s
        UNION ALL
        (%(top)s)
        """,
        open_items=open_items,
        item=_item(scope),
        held=_held(scope),
        settled=_settled(scope),
        paid=_paid(),
        commitments=commitments,
        expected=_expected(scope),
        opening=_opening(scope),
        opened=scope["opening"],
        formal=_formal(scope),
        top=_top(),
    )


def _item(scope):
    return SQL(
        """
        SELECT open_item.move_line_id, open_item.move_id, open_item.partner_id, open_item.date,
               open_item.date_maturity AS due,
               %(residual)s AS residual,
               %(as_of)s - open_item.date_maturity AS late,
               COALESCE(%(kept)s, FALSE) AS kept
          FROM open_item
          LEFT JOIN res_partner partner ON partner.id = open_item.partner_id
        """,
        residual=converted(scope, SQL("open_item.residual"), "open_item"),
        as_of=scope["as_of"],
        kept=kept(scope, SQL("partner"), SQL("open_item.currency_id")),
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


def _settled(scope):
    """The reconciliations of the last months, both sides of each; money or not.

    The items they settle are read once, for the delays, the receipts and the opening; ``OFFSET 0``
    keeps PostgreSQL from reading the whole ledger rather than these items by their numbers.
    """
    return SQL(
        """
        SELECT %(amount)s AS amount, partial.max_date AS on_day,
               credit.journal_id IN %(journals)s AS is_money,
               debtor.commercial_partner_id AS partner_id,
               debit.date AS debit_date, COALESCE(debit.date_maturity, debit.date) AS debit_due,
               credit.date AS credit_date,
               COALESCE(credit.date_maturity, credit.date) AS credit_due,
               debit.account_id IN %(accounts)s AND %(debit_kept)s AS debit_kept,
               credit.account_id IN %(accounts)s AND %(credit_kept)s AS credit_kept
          FROM account_partial_reconcile partial
          CROSS JOIN LATERAL (
            SELECT * FROM account_move_line WHERE id = partial.debit_move_id OFFSET 0
          ) debit
          CROSS JOIN LATERAL (
            SELECT * FROM account_move_line WHERE id = partial.credit_move_id OFFSET 0
          ) credit
          LEFT JOIN res_partner debtor ON debtor.id = debit.partner_id
          LEFT JOIN res_partner debit_partner ON debit_partner.id = debtor.commercial_partner_id
          LEFT JOIN res_partner payer ON payer.id = credit.partner_id
          LEFT JOIN res_partner credit_partner ON credit_partner.id = payer.commercial_partner_id
         WHERE partial.max_date > %(since)s AND partial.max_date <= %(as_of)s
           AND debit.parent_state = 'posted' AND debit.company_id IN %(companies)s
           AND credit.parent_state = 'posted' AND credit.company_id IN %(companies)s
           AND (debit.account_id IN %(accounts)s OR credit.account_id IN %(accounts)s)
        """,
        amount=converted(scope, SQL("partial.amount"), "debit"),
        journals=scope["money_journal_ids"],
        accounts=scope["account_ids"],
        since=scope["paid_since"],
        as_of=scope["as_of"],
        companies=scope["company_ids"],
        debit_kept=kept(scope, SQL("debit_partner"), SQL("debit.currency_id")),
        credit_kept=kept(scope, SQL("credit_partner"), SQL("credit.currency_id")),
    )


def _paid():
    """What was paid, by customer and number of days late."""
    return SQL(
        """
        SELECT partner_id, credit_date - debit_due AS days, sum(amount) AS amount
          FROM settled WHERE is_money AND debit_kept
         GROUP BY partner_id, credit_date - debit_due
        """
    )


def _opening(scope):
    """What was open at the opening: what still is, and what was settled since."""
    return SQL(
        """
        SELECT due < %(opening)s AS overdue, residual
          FROM item WHERE kept AND date <= %(opening)s
        UNION ALL
        SELECT debit_due < %(opening)s, amount FROM settled
         WHERE debit_kept AND on_day > %(opening)s AND debit_date <= %(opening)s
        UNION ALL
        SELECT credit_due < %(opening)s, -amount FROM settled
         WHERE credit_kept AND on_day > %(opening)s AND credit_date <= %(opening)s
        """,
        opening=scope["opening"],
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
    """Return the sales of each day, taxes included and less credit notes."""
    return SQL(
        """
        SELECT 'sales', move.date::text, sum(%(amount)s), count(*)
          FROM account_move move
          LEFT JOIN res_partner partner ON partner.id = move.commercial_partner_id
         WHERE move.move_type IN %(types)s AND move.state = 'posted'
           AND move.company_id IN %(companies)s
           AND move.date > %(since)s AND move.date <= %(as_of)s AND %(kept)s
         GROUP BY move.date
        """,
        amount=converted(scope, SQL("move.amount_total_signed"), "move"),
        types=SALES,
        companies=scope["company_ids"],
        since=scope["sales_since"],
        as_of=scope["as_of"],
        kept=kept(scope, SQL("partner"), SQL("move.currency_id")),
    )

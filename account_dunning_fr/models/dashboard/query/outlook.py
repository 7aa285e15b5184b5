"""Curves of past months, and what past payments say about future ones: one query each.

A past month is not summed from the first entry on: what was open then follows from what is open on
the day and from the reconciliations since.
"""

from odoo.tools import SQL

from .items import open_on_the_day
from .results import SALES

# Upper bounds of the mean days late of a class of customers; the last class has none. Customers
# without a payment are a class of their own.
CLASSES = (0, 15, 45)
AGES = (-120, 730)  # days late beyond which further days make no difference
SINGLE = 150  # the largest amounts of one age that a customer owes: each counted separately


def curves(scope, open_items, month_ends):
    """Return what was owed and overdue at the ends of months: ``(kind, place, amount)``.

    ``place``: the first month end at which the amount counts; it counts at all later ones, too.

    :param list month_ends: days, the last one is that of the page
    """
    return SQL(
        """
        WITH open_item AS (%(open_items)s),
        item AS (%(item)s),
        settled AS (%(settled)s)
        SELECT kind, width_bucket(day - 1, %(ends)s::date[]) AS place, sum(amount)
          FROM (%(moved)s) moved
         WHERE day IS NOT NULL
         GROUP BY 1, 2
        """,
        open_items=open_items,
        item=open_on_the_day(scope),
        settled=_settled(scope, month_ends[0], scope.as_of, SETTLED_DAYS),
        ends=list(month_ends),
        moved=MOVED,
    )


# Additional columns of a reconciliation: the dates of its sides, and whether it refunded money.
SETTLED_DAYS = SQL(
    """
    debit.date AS debit_date, credit.date AS credit_date,
    GREATEST(debit.date, COALESCE(debit.date_maturity, debit.date) + 1) AS overdue_from,
    debit.move_id IN (
        SELECT paying.move_id FROM account_payment paying
         WHERE paying.payment_type = 'outbound' AND paying.move_id IS NOT NULL
    ) AS is_paid_out
    """
)
# By how much the amounts owed and overdue change on which day: the items open on the day of the
# page, then both sides of each reconciliation since.
MOVED = SQL(
    """
    SELECT side.* FROM item CROSS JOIN LATERAL (VALUES
        ('owed', item.date, item.residual),
        ('overdue', CASE WHEN NOT item.is_credit THEN GREATEST(item.date, item.due + 1) END,
         item.residual)
    ) side (kind, day, amount) WHERE item.kept
     UNION ALL
    SELECT side.* FROM settled CROSS JOIN LATERAL (VALUES
        ('owed', debit_date, amount), ('owed', on_day, -amount),
        ('overdue', LEAST(overdue_from, on_day), amount), ('overdue', on_day, -amount)
    ) side (kind, day, amount) WHERE debit_kept AND (kind = 'owed' OR NOT is_paid_out)
     UNION ALL
    SELECT side.* FROM settled CROSS JOIN LATERAL (VALUES
        ('owed', credit_date, -amount), ('owed', on_day, amount)
    ) side (kind, day, amount) WHERE credit_kept
    """
)


def _settled(scope, since, until, columns):
    """The reconciliations between two days, with both sides posted and in these companies.

    :param SQL columns: of ``debit`` and ``credit``, besides amount, day, and whether they are kept
    """
    return SQL(
        """
        SELECT %(amount)s AS amount, partial.max_date AS on_day,
               credit.journal_id IN %(journals)s AS is_money,
               debtor.commercial_partner_id AS partner_id,
               debit.account_id IN %(accounts)s AND %(debit_kept)s AS debit_kept,
               credit.account_id IN %(accounts)s AND %(credit_kept)s AS credit_kept,
               %(columns)s
          FROM account_partial_reconcile partial
          JOIN account_move_line debit ON debit.id = partial.debit_move_id
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
          LEFT JOIN res_partner debtor ON debtor.id = debit.partner_id
          LEFT JOIN res_partner debit_partner ON debit_partner.id = debtor.commercial_partner_id
          LEFT JOIN res_partner payer ON payer.id = credit.partner_id
          LEFT JOIN res_partner credit_partner ON credit_partner.id = payer.commercial_partner_id
         WHERE partial.max_date > %(since)s AND partial.max_date <= %(until)s
           AND debit.parent_state = 'posted' AND debit.company_id IN %(companies)s
           AND credit.parent_state = 'posted' AND credit.company_id IN %(companies)s
           AND (debit.account_id IN %(accounts)s OR credit.account_id IN %(accounts)s)
        """,
        amount=scope.converted(SQL("partial.amount"), "debit"),
        journals=scope.money_journal_ids,
        accounts=scope.account_ids,
        since=since,
        until=until,
        companies=scope.company_ids,
        debit_kept=scope.kept(SQL("debit_partner"), SQL("debit.currency_id")),
        credit_kept=scope.kept(SQL("credit_partner"), SQL("credit.currency_id")),
        columns=columns,
    )


def sales_by_month(scope, since):
    """Return the sales, including taxes and less credit notes, by the first day of their month.

    :param date since: the day before the first one
    """
    return SQL(
        """
        SELECT date_trunc('month', move.date)::date, sum(%(amount)s)
          FROM account_move move
          LEFT JOIN res_partner partner ON partner.id = move.commercial_partner_id
         WHERE move.move_type IN %(types)s AND move.state = 'posted'
           AND move.company_id IN %(companies)s
           AND move.date > %(since)s AND move.date <= %(as_of)s AND %(kept)s
         GROUP BY 1
        """,
        amount=scope.converted(SQL("move.amount_total_signed"), "move"),
        types=SALES,
        companies=scope.company_ids,
        since=since,
        as_of=scope.as_of,
        kept=scope.kept(SQL("partner"), SQL("move.currency_id")),
    )


# -- What customers did, and what they owe ---------------------------------------------------------


def behaviour(scope, open_items, since, day):
    """Return what a period shows about days late, and what is open at its end.

    Rows ``(section, class, age, amount, squares, count)``: ``entered``, ``paid`` and ``left`` are
    the arguments of ``core.payment_times.kaplan_meier``; ``open`` is what is open, by its age. A
    class is the place of the customer's mean delay in ``CLASSES``, -1 without a payment.

    :param SQL open_items: query of ``account.dunning.balance`` on that day
    :param date since: the day before the period
    :param date day: last day of the period
    """
    settled = _settled(
        scope, since, day, SQL("debit.date, COALESCE(debit.date_maturity, debit.date) AS due")
    )
    return SQL(
        """
        WITH settled AS MATERIALIZED (SELECT * FROM (%(settled)s) settled WHERE debit_kept),
        habit AS (%(habit)s),
        open_item AS (%(open_items)s),
        item AS (%(item)s),
        due AS MATERIALIZED (%(due)s),
        seen AS (%(seen)s)
        SELECT 'entered', class, %(entered)s, sum(amount), 0::numeric, count(*)::int
          FROM seen GROUP BY 2, 3
         UNION ALL
        SELECT CASE WHEN is_money THEN 'paid' ELSE 'left' END, class, %(last)s, sum(amount), 0,
               count(*)::int
          FROM seen GROUP BY 1, 2, 3
         UNION ALL
        SELECT 'open', class, %(open)s, sum(residual), sum(residual * residual), count(*)::int
          FROM due GROUP BY 2, 3, CASE WHEN rank <= %(single)s THEN rank END
        """,
        settled=settled,
        habit=_habit(),
        open_items=open_items,
        item=open_on_the_day(scope),
        due=DUE,
        seen=_seen(since, day),
        entered=_clamped(SQL("first")),
        last=_clamped(SQL("last")),
        open=_clamped(SQL("%s::date - due", day)),
        single=SINGLE,
    )


def _habit():
    """The class of each customer who has paid: the place of his mean delay in ``CLASSES``."""
    return SQL(
        """
        SELECT partner_id,
               width_bucket(sum((on_day - due) * amount) / sum(amount) - 0.000001,
                            %s::numeric[]) AS class
          FROM settled WHERE is_money AND partner_id IS NOT NULL
         GROUP BY partner_id HAVING sum(amount) > 0
        """,
        [float(each) for each in CLASSES],
    )


# What a customer owes for one day and due date, with its rank among all of them.
DUE = SQL(
    """
    SELECT COALESCE(habit.class, -1) AS class, item.date, item.due, sum(item.residual) AS residual,
           row_number() OVER (ORDER BY sum(item.residual) DESC) AS rank
      FROM item LEFT JOIN habit ON habit.partner_id = item.partner_id
     WHERE item.kept AND NOT item.is_credit
     GROUP BY item.partner_id, 1, 2, 3
    """
)


def _seen(since, day):
    """From and to which day late an amount was observed in the period, and if money ended it."""
    first = SQL("%s::date + 1", since)
    return SQL(
        """
        SELECT COALESCE(habit.class, -1) AS class, GREATEST(settled.date, %(first)s)
               - settled.due AS first, on_day - settled.due AS last, amount, is_money
          FROM settled LEFT JOIN habit ON habit.partner_id = settled.partner_id
         UNION ALL
        SELECT class, GREATEST(due.date, %(first)s) - due.due, %(day)s::date - due.due, residual,
               FALSE
          FROM due
        """,
        first=first,
        day=day,
    )


def _clamped(age):
    return SQL("LEAST(GREATEST(%s, %s), %s)", age, *AGES)


def arrived(scope, since):
    """Return the money received after a day on what was open at its end: one amount.

    :param date since: that day
    """
    return SQL(
        """
        SELECT COALESCE(sum(amount), 0) FROM (%s) settled
         WHERE is_money AND debit_kept AND date <= %s
        """,
        _settled(scope, since, scope.as_of, SQL("debit.date")),
        since,
    )

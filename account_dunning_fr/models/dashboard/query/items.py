"""What is owed on the day and at the opening, what was received and is expected: one query.

The open items are read once and summed by age and by when they are expected; the page is computed
from these sums. The reconciliations are read once as well. Steps, with what each row stands for:

============ =======================================================================================
open_item    an item open on the day, of ``account.dunning.balance``
item         the same in the currency of the page, with its days late, and whether filters keep it
held         an item on hold, once for each reason, with the amount on hold
settled      a reconciliation of the last months, with both of its sides
habit        a customer, with the number of days he usually pays late
planned      an item of a payment plan with future instalments
instalment   a future instalment, with what is left of it
mark         an item with what is known about its payment: promised, doubtful, planned
cell         open items grouped by everything the sums distinguish: far fewer rows than items
expected     a cell or an instalment, with the day on which it is expected and its certainty
customer     a customer, with what he owes in total and overdue
debtor       a customer who is late
opening      what was open at the opening
============ =======================================================================================

Each sum is a row ``(section, key, amount, count)``: see ``Situation`` for the sections.
"""

from odoo.tools import SQL

from . import customers, expected, insurance
from .held import held

MATERIALIZED = ("item", "held", "settled", "planned", "cell", "customer")  # read by several others


def page(scope, open_items):
    """Return the query of what the page shows first: one pass over the open items.

    Without filters it reads no customer: an index-only scan answers.

    :param Scope scope: bounds of the query
    :param SQL open_items: query of ``account.dunning.balance``
    """
    return SQL(
        """
        WITH open_item AS (%(open_items)s),
        item AS (%(item)s),
        cell AS MATERIALIZED (
            SELECT kept, late, is_credit, is_orphan AS orphan, sum(residual) AS residual,
                   count(*) AS items
              FROM item GROUP BY 1, 2, 3, 4
        )
        %(sums)s
        """,
        open_items=open_items,
        item=open_on_the_day(scope),
        sums=SQL(" UNION ALL ").join(_owed_sums()),
    )


def top(scope, open_items):
    """Return the query of the most overdue customers; parameters as in ``page``."""
    return SQL(
        """
        WITH open_item AS (%s), item AS (%s), customer AS (%s), debtor AS (%s)
        SELECT 'debits', '1', sum(overdue), count(*)::int FROM debtor
         UNION ALL (%s)
        """,
        open_items,
        open_on_the_day(scope),
        customers.customer(),
        customers.DEBTOR,
        customers.top(),
    )


def owed_late(scope, open_items, bearing_ids, suspended_ids):
    """Return the query of the items that may owe penalties on the day: ``(id)``, by invoice.

    :param list bearing_ids: items that bear penalties in the books, open on the day or not
    :param list suspended_ids: items that bear none for the time being
    """
    return SQL(
        """
        WITH open_item AS (%(open_items)s),
        item AS (%(item)s)
        SELECT line.id
          FROM account_move_line line
          JOIN (SELECT move_line_id FROM item WHERE kept AND late > 0 AND NOT is_credit
                 UNION SELECT unnest(%(bearing)s::int[])) owing ON owing.move_line_id = line.id
          LEFT JOIN res_partner contact ON contact.id = line.partner_id
          LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
         WHERE line.date <= %(as_of)s AND line.company_id IN %(companies)s
           AND line.dunning_penalty_id IS NULL AND line.id <> ALL (%(suspended)s::int[])
           AND %(kept)s
         ORDER BY line.move_id, line.id
        """,
        open_items=open_items,
        item=open_on_the_day(scope),
        bearing=list(bearing_ids),
        suspended=list(suspended_ids),
        as_of=scope.as_of,
        companies=scope.company_ids,
        kept=scope.kept(SQL("partner"), SQL("line.currency_id")),
    )


def situation(scope, open_items, part):
    """Return the query of the sums of what is owed and received, except those of the page.

    :param Scope scope: bounds of the query
    :param SQL open_items: query of ``account.dunning.balance``
    :param str part: ``expected``: when open items are expected; ``all``: everything else
    """
    steps = {
        "open_item": open_items,
        "item": open_on_the_day(scope),
        "held": held(scope),
        "settled": _settled(scope),
        "habit": expected.habit(),
        "planned": expected.planned(scope),
        "instalment": expected.instalment(scope),
        "mark": expected.mark(),
        "cell": _cell(scope),
        "expected": expected.expected(scope),
        "customer": customers.customer(),
        "debtor": customers.DEBTOR,
        "opening": _opening(scope),
    }
    read = [
        SQL("%s AS %s (%s)", SQL(name), SQL("MATERIALIZED" * (name in MATERIALIZED)), step)
        for name, step in steps.items()
    ]
    sums = (
        [expected.sums()]
        if part == "expected"
        else [
            *_owed_sums(),
            *_received_sums(scope),
            *customers.sums(scope),
            *insurance.sums(scope),
        ]
    )
    return SQL("WITH %s %s", SQL(", ").join(read), SQL(" UNION ALL ").join(sums))


# -- The steps -------------------------------------------------------------------------------------


def open_on_the_day(scope):
    """An open item, converted; money refunded to a customer is never late."""
    return SQL(
        """
        SELECT open_item.move_line_id, open_item.move_id, open_item.partner_id, open_item.date,
               open_item.date_maturity AS due,
               %(residual)s AS residual,
               CASE WHEN open_item.is_paid_out THEN LEAST(0, %(as_of)s - open_item.date_maturity)
                    ELSE %(as_of)s - open_item.date_maturity END AS late,
               open_item.residual <= 0 OR open_item.is_paid_out AS is_credit, open_item.is_orphan,
               COALESCE(%(kept)s, FALSE) AS kept
          FROM open_item
          LEFT JOIN res_partner partner ON partner.id = open_item.partner_id
        """,
        residual=scope.converted(SQL("open_item.residual"), "open_item"),
        as_of=scope.as_of,
        kept=scope.kept(SQL("partner"), SQL("open_item.currency_id")),
    )


# The columns read when an item is looked up by id: a list, so that the rest of a wide table is not
# read.
COLUMNS = SQL(
    "account_id, company_id, currency_id, date, date_maturity, journal_id, parent_state, partner_id"
)


def _settled(scope):
    """The reconciliations of the last months, with both sides; money or not.

    The items they settle are read once, for the delays, the receipts and the opening; ``OFFSET 0``
    makes PostgreSQL look them up by id rather than read the whole ledger.
    """
    return SQL(
        """
        SELECT partial.debit_move_id AS debit_id, %(amount)s AS amount, partial.max_date AS on_day,
               credit.journal_id IN %(journals)s AS is_money,
               debtor.commercial_partner_id AS partner_id,
               debit.date AS debit_date, COALESCE(debit.date_maturity, debit.date) AS debit_due,
               credit.date AS credit_date,
               COALESCE(credit.date_maturity, credit.date) AS credit_due,
               debit.account_id IN %(accounts)s AND %(debit_kept)s AS debit_kept,
               credit.account_id IN %(accounts)s AND %(credit_kept)s AS credit_kept
          FROM account_partial_reconcile partial
          CROSS JOIN LATERAL (
            SELECT %(columns)s FROM account_move_line WHERE id = partial.debit_move_id OFFSET 0
          ) debit
          CROSS JOIN LATERAL (
            SELECT %(columns)s FROM account_move_line WHERE id = partial.credit_move_id OFFSET 0
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
        columns=COLUMNS,
        amount=scope.converted(SQL("partial.amount"), "debit"),
        journals=scope.money_journal_ids,
        accounts=scope.account_ids,
        since=scope.paid_since,
        as_of=scope.as_of,
        companies=scope.company_ids,
        debit_kept=scope.kept(SQL("debit_partner"), SQL("debit.currency_id")),
        credit_kept=scope.kept(SQL("credit_partner"), SQL("credit.currency_id")),
    )


def _cell(scope):
    """The open items grouped by everything that the sums of the page distinguish.

    ``late`` in days; ``old``: already open at the opening; the other columns determine when they
    are expected. There are far fewer cells than items.
    """
    return SQL(
        """
        SELECT item.kept, item.late, item.date <= %(opening)s AS old,
               item.is_credit, item.is_orphan AS orphan,
               habit.days, mark.committed_on, COALESCE(mark.doubtful, FALSE) AS doubtful,
               COALESCE(mark.planned, FALSE) AS planned,
               sum(item.residual) AS residual, count(*) AS items
          FROM item
          LEFT JOIN habit ON habit.partner_id = item.partner_id
          LEFT JOIN mark ON mark.move_line_id = item.move_line_id
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
        """,
        opening=scope.opening,
    )


def _opening(scope):
    """What was open at the opening: what still is, and what was settled since."""
    return SQL(
        """
        SELECT late > %(as_of)s - %(opening)s AS overdue, residual FROM cell WHERE kept AND old
        UNION ALL
        SELECT debit_due < %(opening)s, amount FROM settled
         WHERE debit_kept AND on_day > %(opening)s AND debit_date <= %(opening)s
        UNION ALL
        SELECT credit_due < %(opening)s, -amount FROM settled
         WHERE credit_kept AND on_day > %(opening)s AND credit_date <= %(opening)s
        """,
        as_of=scope.as_of,
        opening=scope.opening,
    )


# -- The sums --------------------------------------------------------------------------------------


def _owed_sums():
    """What is open on the day, by lateness."""
    return (
        SQL(
            """
            SELECT CASE WHEN kept THEN 'kept' ELSE 'left_out' END, late::text,
                   sum(residual), sum(items)::int FROM cell GROUP BY kept, late
            """
        ),
        SQL(
            """
            SELECT 'orphans', '', sum(residual), sum(items)::int FROM cell
             WHERE orphan HAVING count(*) > 0
            """
        ),
        SQL(
            """
            SELECT 'credits', '', sum(residual), sum(items)::int FROM cell
             WHERE kept AND is_credit
            """
        ),
        SQL(
            """
            SELECT 'debits', late::text, sum(residual), sum(items)::int FROM cell
             WHERE kept AND NOT is_credit GROUP BY late
            """
        ),
    )


def _received_sums(scope):
    """Receipts by days late, by days since the invoice and by term; and those on the opening."""
    days = {
        "paid": SQL("credit_date - debit_due"),
        "term": SQL("debit_due - debit_date"),
        "waited": SQL("credit_date - debit_date"),
    }
    return (
        *(
            SQL(
                """
                SELECT %(section)s, (%(days)s)::text, sum(amount), NULL
                  FROM settled WHERE is_money AND debit_kept GROUP BY %(days)s
                """,
                section=section,
                days=count,
            )
            for section, count in days.items()
        ),
        SQL("SELECT 'opening', overdue::text, sum(residual), NULL FROM opening GROUP BY overdue"),
        SQL(
            """
            SELECT 'collected', '', sum(amount), count(*) FROM settled WHERE %s
            """,
            _collected(scope),
        ),
    )


def _collected(scope):
    """Whether a reconciliation brought money for what was overdue at the opening."""
    return SQL(
        """
        is_money AND debit_kept AND on_day > %(opened)s
        AND debit_due < %(opened)s AND debit_date <= %(opened)s
        """,
        opened=scope.opening,
    )


# -- The same item by item, for the list behind a sum ----------------------------------------------


def by_item(scope, open_items, name, key):
    """Return how much of each item counts in a sum: ``(move_line_id, amount)``, one row per item.

    :param str name: ``held`` (``key``: the reason), ``covered``, ``uncovered``, ``over_limit`` or
        ``collected``
    """
    steps = {"open_item": open_items, "item": open_on_the_day(scope)}
    if name == "held":
        steps["held"] = held(scope)
        rows = SQL("SELECT move_line_id, residual AS amount FROM held WHERE reason = %s", key)
    elif name == "over_limit":
        steps["customer"] = customers.customer()
        rows = customers.beyond_by_item(scope)
    elif name == "collected":
        steps = {"settled": _settled(scope)}
        rows = SQL(
            """
            SELECT debit_id AS move_line_id, sum(amount) AS amount
              FROM settled WHERE %s GROUP BY debit_id
            """,
            _collected(scope),
        )
    elif name == "uncovered":
        rows = SQL(
            """
            SELECT move_line_id, residual - COALESCE(covered.amount, 0) AS amount
              FROM item LEFT JOIN (%s) covered USING (move_line_id) WHERE item.kept
            """,
            insurance.by_item(scope),
        )
    else:
        rows = insurance.by_item(scope)
    read = [SQL("%s AS (%s)", SQL(each), step) for each, step in steps.items()]
    return SQL(
        "WITH %s SELECT move_line_id, amount FROM (%s) part WHERE amount <> 0",
        SQL(", ").join(read),
        rows,
    )

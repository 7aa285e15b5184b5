"""What is owed on the day, what was owed at the opening, receipts and forecast: one query.

The open items are read once, added up by age and by when they are expected, and what the page shows
comes from these sums; so do the reconciliations. Steps, each with what a row of it is:

============ =======================================================================================
open_item    an item open on the day, of ``account.dunning.balance``
item         the same in the currency of the page, with its days late, and if the filters keep it
held         an item on hold, once for each reason, with how much of it is held
settled      a reconciliation of the last months, with both of its sides
habit        a customer, and how many days late he pays
planned      an item of a payment plan with instalments to come
instalment   an instalment to come, with what is left of it
mark         an item with what is known of when it is paid: promised, doubtful, planned
cell         open items added up by all that the sums tell apart: far fewer than items
expected     a cell or an instalment, with the day on which it is expected, and how certain that is
customer     a customer, with what he owes in all and overdue
debtor       a customer who is late
opening      what was open at the opening
============ =======================================================================================

Each sum is a row ``(section, key, amount, count)``: see ``Situation`` for the sections.
"""

from odoo.tools import SQL

from ...plan.query import holds
from ...plan.query.items import debtor
from . import insurance

MATERIALIZED = ("item", "held", "settled", "planned", "cell", "customer")  # read by several others
DOUBTFUL = ("dispute", "insolvency", "case")  # reasons of a hold: whether it is paid is not certain
COMMITTED = ("promise", "plan")
TOP = 20
DEBTOR = SQL("SELECT * FROM customer WHERE overdue > 0")
LISTED = 200  # customers that a list is asked for by their numbers


def page(scope, open_items):
    """Return the query of what the page shows at once: one pass over the open items.

    Without filters it reads no customer: an index alone answers.

    :param Scope scope: what is looked at
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
    """Return the query of the customers most overdue; parameters as of ``page``."""
    return SQL(
        """
        WITH open_item AS (%s), item AS (%s), customer AS (%s), debtor AS (%s)
        SELECT 'debits', '1', sum(overdue), count(*)::int FROM debtor
         UNION ALL (%s)
        """,
        open_items,
        open_on_the_day(scope),
        _customer(),
        DEBTOR,
        _top(),
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
    """Return the query of the sums of what is owed and received, but for those of the page.

    :param Scope scope: what is looked at
    :param SQL open_items: query of ``account.dunning.balance``
    :param str part: ``expected``: when what is open is expected; ``all``: everything else
    """
    steps = {
        "open_item": open_items,
        "item": open_on_the_day(scope),
        "held": _held(scope),
        "settled": _settled(scope),
        "habit": _habit(),
        "planned": _planned(scope),
        "instalment": _instalment(scope),
        "mark": _mark(),
        "cell": _cell(scope),
        "expected": _expected(scope),
        "customer": _customer(),
        "debtor": DEBTOR,
        "opening": _opening(scope),
    }
    read = [
        SQL("%s AS %s (%s)", SQL(name), SQL("MATERIALIZED" * (name in MATERIALIZED)), step)
        for name, step in steps.items()
    ]
    sums = (
        [_expected_sums()]
        if part == "expected"
        else [
            *_owed_sums(),
            *_received_sums(scope),
            *_customer_sums(scope),
            *insurance.sums(scope),
        ]
    )
    return SQL("WITH %s %s", SQL(", ").join(read), SQL(" UNION ALL ").join(sums))


# -- The steps -------------------------------------------------------------------------------------


def open_on_the_day(scope):
    """An open item, converted; money given back is never late."""
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


def _held(scope):
    """The items on hold on the day, once for each reason, with how much of them is held.

    What of an item is disputed is held, the rest is not (``is_whole``); an insolvency holds what
    arose before the judgment. The rule is the plan's: ``plan/query/holds.py``.
    """
    # A part is in the currency of the invoice, and held on the instalments that fall due first.
    return SQL(
        """
        SELECT reason, move_line_id, partner_id,
               LEAST(max(whole), sum(amount)) AS residual,
               sum(amount) >= max(whole) AS is_whole, max(date_until) AS date_until
          FROM (
            SELECT reason, move_line_id, partner_id, residual AS whole, date_until,
                   CASE WHEN amount_held IS NULL THEN residual
                        ELSE LEAST(residual, GREATEST(0, amount_held - before)) END AS amount
              FROM (
                SELECT reached.*, CASE WHEN by_item THEN 0 ELSE COALESCE(sum(residual) OVER (
                           PARTITION BY hold_id ORDER BY due, move_line_id
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) END AS before
                  FROM (
                    SELECT reached.*, %(held)s AS amount_held
                      FROM (%(reached)s) reached
                      JOIN account_move_line line ON line.id = reached.move_line_id
                  ) reached
              ) reached
          ) hold
         WHERE amount > 0
         GROUP BY reason, move_line_id, partner_id
        """,
        held=scope.converted(
            SQL("(reached.held * line.balance / NULLIF(line.amount_currency, 0))"), "line"
        ),
        reached=_reached(scope),
    )


def _reached(scope):
    """Each item that a current hold reaches, with the hold and the sum that it holds, or NULL."""
    invoice_date = SQL(
        "(SELECT COALESCE(move.invoice_date, move.date) FROM account_move move"
        " WHERE move.id = item.move_id)"
    )
    return holds.reaching(
        SQL(
            """
            hold.id AS hold_id, hold.reason, hold.date_until, item.move_line_id,
            item.partner_id, item.due, item.residual, hold.move_line_id IS NOT NULL AS by_item,
            NULLIF(hold.amount_held, 0) AS held
            """
        ),
        SQL("item"),
        SQL(
            "item.kept AND NOT item.is_credit AND %s",
            holds.current(scope.creditor_ids, scope.as_of, invoice_date, scope.as_of),
        ),
        SQL(
            """
            (SELECT %s FROM account_move_line line JOIN account_move move
                ON move.id = line.move_id WHERE line.id = item.move_line_id)
            """,
            debtor(SQL("move"), SQL("line")),
        ),
    )


# What is read of an item by its number: named, so that the rest of a wide table is not.
COLUMNS = SQL(
    "account_id, company_id, currency_id, date, date_maturity, journal_id, parent_state, partner_id"
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


def _habit():
    """How many days late each customer pays, weighted by the amounts."""
    return SQL(
        """
        SELECT partner_id,
               round(sum((credit_date - debit_due) * amount) / sum(amount))::int AS days
          FROM settled WHERE is_money AND debit_kept AND partner_id IS NOT NULL
         GROUP BY partner_id HAVING sum(amount) > 0
        """
    )


def _planned(scope):
    """The items of payment plans with instalments to come, but for those that are doubtful."""
    return SQL(
        """
        SELECT plan.id AS plan_id, held.move_line_id, held.residual
          FROM held
          JOIN account_dunning_payment_plan_item_rel rel ON rel.item_id = held.move_line_id
          JOIN account_dunning_payment_plan plan ON plan.id = rel.plan_id
           AND plan.started_on <= %(as_of)s
           AND (plan.closed_on IS NULL OR plan.closed_on > %(as_of)s)
         WHERE held.reason = 'plan' AND held.is_whole
           AND EXISTS (SELECT FROM account_dunning_payment_plan_line line
                        WHERE line.plan_id = plan.id AND line.date >= %(as_of)s)
           AND NOT EXISTS (SELECT FROM held other
                            WHERE other.move_line_id = held.move_line_id
                              AND other.reason IN %(doubtful)s)
        """,
        as_of=scope.as_of,
        doubtful=DOUBTFUL,
    )


def _instalment(scope):
    """What is left of each plan on the days of its instalments to come, in their proportion.

    Rounded from one sum to the next, so that the instalments add up to what is owed.
    """
    return SQL(
        """
        SELECT round((owed.residual * line.upto / line.whole)::numeric, 2)
                   - round((owed.residual * (line.upto - line.amount) / line.whole)::numeric, 2)
                   AS residual,
               CASE WHEN line.place = 1 THEN owed.items ELSE 0 END AS items, line.date
          FROM (SELECT plan_id, sum(residual) AS residual, count(*) AS items
                  FROM planned GROUP BY plan_id) owed
          JOIN (
            SELECT plan_id, date, amount, sum(amount) OVER running AS upto,
                   sum(amount) OVER (PARTITION BY plan_id) AS whole,
                   row_number() OVER running AS place
              FROM account_dunning_payment_plan_line
             WHERE date >= %s AND amount > 0
            WINDOW running AS (PARTITION BY plan_id ORDER BY date, id)
          ) line ON line.plan_id = owed.plan_id
        """,
        scope.as_of,
    )


def _mark():
    """What is known of when an item is paid; a commitment is the end of a hold for it."""
    return SQL(
        """
        SELECT move_line_id, max(committed_on) AS committed_on,
               bool_or(doubtful) AS doubtful, bool_or(planned) AS planned
          FROM (
            SELECT move_line_id, date_until AS committed_on, FALSE AS doubtful, FALSE AS planned
              FROM held WHERE reason IN %(committed)s AND date_until IS NOT NULL
            UNION ALL
            SELECT move_line_id, NULL, TRUE, FALSE FROM held
             WHERE reason IN %(doubtful)s AND is_whole
            UNION ALL
            SELECT move_line_id, NULL, FALSE, TRUE FROM planned
          ) source
         GROUP BY move_line_id
        """,
        committed=COMMITTED,
        doubtful=DOUBTFUL,
    )


def _cell(scope):
    """The open items added up by all that the sums of the page tell apart.

    ``late`` in days; ``old``: already there at the opening; what follows says when they are
    expected. There are far fewer cells than items.
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


def _expected(scope):
    """When each open item is expected, as ``core.forecast.expect`` says it; instalments apart."""
    return SQL(
        """
        SELECT cell.residual, cell.items,
               CASE WHEN cell.committed_on >= %(as_of)s THEN cell.committed_on
                    ELSE GREATEST(usual.day, %(as_of)s) END AS expected_on,
               CASE WHEN cell.doubtful THEN 'at_risk'
                    WHEN cell.committed_on >= %(as_of)s THEN 'certain'
                    WHEN cell.committed_on IS NOT NULL THEN 'at_risk'
                    WHEN GREATEST(usual.day, usual.due) < %(as_of)s THEN 'at_risk'
                    ELSE 'probable' END AS certainty
          FROM cell
          CROSS JOIN LATERAL (
            SELECT %(as_of)s - cell.late AS due,
                   %(as_of)s - cell.late + COALESCE(cell.days, 0) AS day
          ) usual
         WHERE cell.kept AND NOT cell.is_credit AND NOT cell.planned
        UNION ALL
        SELECT residual, items, date, 'certain' FROM instalment
        """,
        as_of=scope.as_of,
    )


def _customer():
    """What each customer owes in all, and overdue; the age of his oldest item, in days."""
    return SQL(
        """
        SELECT partner_id, sum(residual) AS owed,
               sum(residual) FILTER (WHERE late > 0 AND NOT is_credit) AS overdue,
               max(late) FILTER (WHERE late > 0 AND NOT is_credit) AS oldest
          FROM item WHERE kept AND partner_id IS NOT NULL
         GROUP BY partner_id
        """
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


def _expected_sums():
    """When what is open is expected, and how certain that is."""
    return SQL(
        """
        SELECT 'expected', expected_on || ' ' || certainty, sum(residual), sum(items)::int
          FROM expected GROUP BY expected_on, certainty
        """
    )


def _received_sums(scope):
    """What came in: how late, how long after the invoice, on which term; and on the opening."""
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
            SELECT 'collected', '', sum(amount), count(*) FROM settled
             WHERE is_money AND debit_kept AND on_day > %(opened)s
               AND debit_due < %(opened)s AND debit_date <= %(opened)s
            """,
            opened=scope.opening,
        ),
    )


def _customer_sums(scope):
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
            SELECT 'debtors', (acted.partner_id IS NOT NULL)::text, NULL, count(*)::int
              FROM debtor LEFT JOIN (%s) acted USING (partner_id) GROUP BY 2
            """,
            _acted(scope),
        ),
        _limit(scope),
        *([_over_credit(scope)] if scope.credit_limit is not None else []),
        SQL("(%s)", _top()),
    )


def _acted(scope):
    """Return the customers written to, called or who paid since the opening: ``(partner_id)``."""
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
    """What is soon time-barred, by the legal regime of the customer."""
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
    """What the customers with a credit limit owe beyond it, of all that they owe.

    Sections: ``credit_limit`` with what is granted, owed, and beyond; ``over_limit`` with the
    customers furthest beyond.
    """
    return SQL(
        """
        SELECT sums.section, sums.key, sums.amount, sums.customers
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
         CROSS JOIN LATERAL (
            VALUES ('credit_limit', 'limit', credit, customers),
                   ('credit_limit', 'owed', owed, customers),
                   ('credit_limit', 'over', beyond, over_count)
            UNION ALL
            SELECT 'over_limit', over_id::text, NULL, NULL FROM unnest(over_ids) over_id
         ) sums (section, key, amount, customers)
         WHERE credit.customers > 0
        """,
        company=str(scope.company_ids[0]),
        usual=scope.credit_limit,
        listed=LISTED,
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
        as_of=scope.as_of,
        creditors=scope.creditor_ids,
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

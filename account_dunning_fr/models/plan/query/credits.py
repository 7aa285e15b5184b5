"""The credits of the plan: what a customer has already paid, and the items it covers.

How it works: what was refunded to the customer, or taken back by the bank, first uses up his money.
What is certainly his payment then covers the invoice it refers to, and then the oldest items in its
currency. What may be his payment (money in another currency, an advance, a receipt nobody matched,
an online payment not yet booked) covers what is left in the same order, by its value: that part is
not claimed until somebody says what the money is. ``core.credits`` states the same rules in Python;
the tests compare both.
"""

from odoo.tools import SQL

from ....core.credits import RATE_MARGIN
from . import waiting_money
from .discounts import discounted
from .items import item, of_partners, running

BOOKED_DAYS = 10  # at most, by which a bank line is dated before the return told in a file
# The columns of ``waiting``, to read them from JSON.
WAITING_COLUMNS = SQL(
    """
    kind text, source_id int, partner_id int, currency_id int, move_id int, is_sure boolean,
    on_date date, is_credit_note boolean, amount numeric, value numeric, move_line_id int
    """
)
# ``given_back`` and ``cover`` if nothing was refunded, and if no money waits.
NOTHING_BACK = SQL(
    """
    SELECT NULL::text AS kind, NULL::int AS source_id, NULL::int AS partner_id,
           NULL::int AS move_line_id, NULL::numeric AS amount WHERE FALSE
    """
)
NO_COVER = SQL(
    """
    SELECT NULL::int AS move_line_id, NULL::numeric AS sure_amount,
           NULL::numeric AS possible_amount WHERE FALSE
    """
)


def waiting(scope):
    """All the money that waits, and the refunds matched with a debit of the bank.

    For callers that read it in advance (``read_before`` restores its two parts).

    :return: ``SQL`` selecting the columns of ``WAITING_COLUMNS``
    """
    return SQL(
        """
        WITH item AS (%s), %s
        SELECT kind, source_id, partner_id, currency_id, move_id, is_sure, on_date, is_credit_note,
               amount, value, NULL::int AS move_line_id
          FROM kept
         UNION ALL
        SELECT NULL, NULL, partner_id, NULL, NULL, NULL, NULL, NULL, amount, NULL, move_line_id
          FROM given_back WHERE move_line_id IS NOT NULL
        """,
        scope["items"] or item(scope),
        steps(scope),
    )


def read_before(scope):
    """The CTEs ``kept`` and ``given_back``, from a ``waiting`` that was read in advance."""
    return SQL(
        """
        waiting AS (%s),
        kept AS (SELECT * FROM waiting WHERE move_line_id IS NULL),
        given_back AS (SELECT * FROM waiting WHERE move_line_id IS NOT NULL)
        """,
        scope["money"],
    )


def money(scope):
    """Each unreconciled amount of the customers, with its day.

    The plan claims what is left, and interest runs on what is claimed
    (``account.dunning.accrual``). Only what is certainly their payment, less refunds.

    :return: ``SQL`` selecting ``kind`` and ``source_id`` (its record), ``partner_id``,
        ``currency_id``, ``move_id`` (the invoice it refers to, or NULL), ``amount``, ``on_date``
        and ``is_credit_note``
    """
    return SQL(
        """
        WITH item AS (%(item)s), %(steps)s
        SELECT kind, source_id, partner_id, currency_id, move_id, amount, on_date, is_credit_note
          FROM kept WHERE is_sure AND amount > 0
        """,
        item=item(scope),
        steps=steps(scope, sure_only=True),
    )


def steps(scope, sure_only=False):
    """The CTEs from ``money`` (every source) to ``kept`` (what is left of it), after ``item``.

    :param bool sure_only: read only what is certainly the customers' payment
    """
    if not scope["present"].outflows:
        return SQL(
            """
            money AS MATERIALIZED (%s),
            given_back AS (%s),
            kept AS (SELECT * FROM money)
            """,
            waiting_money.money(scope, sure_only),
            NOTHING_BACK,
        )
    return SQL(
        """
        money AS MATERIALIZED (%(money)s),
        outflow AS (%(outflow)s),
        paired AS (%(paired)s),
        given_back AS (%(given_back)s),
        kept AS (%(kept)s)
        """,
        money=waiting_money.money(scope, sure_only),
        outflow=outflow(scope),
        paired=paired(),
        given_back=given_back(),
        kept=kept(),
    )


def cover(waits=True):
    """The CTEs from ``owing`` to ``cover``, after ``kept`` and ``parted``: what covers items.

    ===============  ===========================================================================
    ``owing``        the items of customers with waiting money, and what they owe
    ``credit``       what is certainly the customer's, by the invoice it refers to
    ``referred``     those items with the money that refers to them (``referred_amount``)
    ``pool``         what is left of each customer's money in each currency
    ``netted``       those items with all that certainly covers them (``sure_amount``)
    ``possible``     money that may be the customer's, by value
    ``hinted``       the items by value, with what may refer to them
    ``cover``        what certainly covers each of those items, and what may (``possible_amount``)
    ===============  ===========================================================================

    :param bool waits: whether any money waits at all
    """
    if not waits:
        return SQL("cover AS (%s)", NO_COVER)
    return SQL(
        """
        owing AS MATERIALIZED (%(owing)s),
        credit AS (%(credit)s),
        referred AS (%(referred)s),
        pool AS (%(pool)s),
        netted AS (%(netted)s),
        possible AS (%(possible)s),
        hinted AS (%(hinted)s),
        cover AS (%(covered)s)
        """,
        owing=owing(),
        credit=credit(),
        referred=referred(),
        pool=pool(),
        netted=netted(),
        possible=possible(),
        hinted=hinted(),
        covered=covered(),
    )


def weighed(scope):
    """The CTEs ``weighed`` and ``discounted``, after ``parted`` and ``cover``.

    ===============  ===========================================================================
    ``weighed``      all items with ``credit_amount``, including ``possible_amount``: may be his
    ``discounted``   the items whose early-payment discount was taken
    ===============  ===========================================================================
    """
    return SQL(
        """
        weighed AS NOT MATERIALIZED (
            SELECT item.*,
                   COALESCE(cover.sure_amount, 0) + COALESCE(cover.possible_amount, 0)
                   AS credit_amount,
                   COALESCE(cover.possible_amount, 0) AS possible_amount
              FROM parted item
              LEFT JOIN cover ON cover.move_line_id = item.move_line_id
        ),
        discounted AS (%s)
        """,
        discounted(scope),
    )


def outflow(scope):
    """Money that went from us to the customer, one row per movement.

    Debits of the bank on his account; and, without an item of their own, unmatched statement lines
    in his name, and debits that a bank file reports as returned while no bank line does. The nth
    movement of an amount is paired with the nth receipt of that amount.
    """
    return SQL(
        """
        WITH booked AS (
            SELECT move_line_id, partner_id, currency_id, due AS on_date, residual AS amount
              FROM item WHERE is_outflow
             UNION ALL
            SELECT NULL, partner.commercial_partner_id,
                   COALESCE(line.foreign_currency_id, line.currency_id), move.date,
                   round(abs(line.amount_residual)::numeric, 6)
              FROM account_bank_statement_line line
              JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.is_reconciled IS NOT TRUE AND line.amount < 0
               AND line.company_id IN %(companies)s AND %(partners)s
               AND NOT EXISTS (
                SELECT FROM account_move_line bill
                  JOIN account_account account ON account.id = bill.account_id
                   AND account.account_type = 'liability_payable'
                  JOIN res_partner supplier ON supplier.id = bill.partner_id
                 WHERE supplier.commercial_partner_id = partner.commercial_partner_id
                   AND bill.reconciled IS NOT TRUE AND bill.parent_state = 'posted'
                   AND bill.company_id IN %(companies)s AND bill.amount_residual_currency < 0)
               AND NOT EXISTS (
                SELECT FROM account_payment payment
                  JOIN res_partner payee ON payee.id = payment.partner_id
                 WHERE payee.commercial_partner_id = partner.commercial_partner_id
                   AND payment.is_matched IS NOT TRUE AND payment.payment_type = 'outbound'
                   AND payment.state IN ('in_process', 'paid')
                   AND payment.company_id IN %(companies)s)
        )
        SELECT back.*, row_number() OVER (
                   PARTITION BY partner_id, currency_id, amount ORDER BY on_date, move_line_id
               ) AS place
          FROM (SELECT * FROM booked UNION ALL %(told)s) back
        """,
        companies=tuple(scope["company_ids"]),
        partners=of_partners(scope, SQL("line.partner_id")),
        told=_told_by_files(scope),
    )


def _told_by_files(scope):
    """Debits that a bank file reports as returned, while no bank line in the books does.

    For one amount of one customer, as many as exceed those lines; none once the payment is
    reconciled again.
    """
    return SQL(
        """
        SELECT NULL, told.partner_id, told.currency_id, told.on_date, told.amount
          FROM (
            SELECT back.partner_id, back.currency_id, back.day AS on_date,
                   round(back.amount::numeric, 6) AS amount,
                   row_number() OVER (
                       PARTITION BY back.partner_id, back.currency_id, back.amount
                       ORDER BY back.day DESC, back.id DESC) AS place
              FROM account_dunning_debit_return back
              JOIN account_move_line payment ON payment.id = back.payment_item_id
               AND payment.reconciled IS NOT TRUE AND payment.parent_state = 'posted'
             WHERE payment.company_id IN %(companies)s AND %(partners)s
          ) told
         WHERE told.place > (
            SELECT count(*) FROM booked
             WHERE booked.partner_id = told.partner_id AND booked.amount = told.amount
               AND booked.currency_id = told.currency_id
               AND booked.on_date >= told.on_date - %(days)s)
        """,
        companies=tuple(scope["company_ids"]),
        partners=of_partners(scope, SQL("back.partner_id")),
        days=BOOKED_DAYS,
    )


def paired():
    """Receipts returned in full: the latest of the same amount. Both sides, and the sum."""
    return SQL(
        """
        SELECT kind, source_id, back.partner_id, back.move_line_id, back.place, back.currency_id,
               back.amount
          FROM (
            SELECT money.*, row_number() OVER (
                       PARTITION BY partner_id, currency_id, amount
                       ORDER BY on_date DESC, kind, source_id) AS place
              FROM money
             WHERE is_sure AND partner_id IN (SELECT partner_id FROM outflow)
          ) money
          JOIN outflow back ON back.partner_id = money.partner_id
           AND back.currency_id = money.currency_id AND back.amount = money.amount
           AND back.place = money.place
        """
    )


# Money, and debits of the bank, without a counterpart of the same amount.
REST_IN = SQL(
    """
    SELECT money.* FROM money
     WHERE is_sure AND partner_id IN (SELECT partner_id FROM outflow)
       AND NOT EXISTS (SELECT FROM paired WHERE paired.kind = money.kind
                          AND paired.source_id = money.source_id
                          AND paired.partner_id = money.partner_id)
    """
)
REST_OUT = SQL(
    """
    SELECT back.* FROM outflow back
     WHERE back.move_line_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM paired WHERE paired.move_line_id = back.move_line_id)
    """
)


def given_back():
    """What was otherwise refunded: first out of the latest money, then out of credit notes.

    One row per source of money (``kind``, ``source_id``) or debit (``move_line_id``), with the
    amount used up by the other side.
    """
    return SQL(
        """
        SELECT kind, source_id, partner_id, move_line_id, amount FROM paired
         UNION ALL
        %s
         UNION ALL
        %s
        """,
        _used_up(
            REST_IN,
            REST_OUT,
            SQL("one.kind, one.source_id, one.partner_id, NULL::int"),
            SQL("one.is_credit_note, one.on_date DESC, one.source_id"),
        ),
        _used_up(
            REST_OUT,
            REST_IN,
            SQL("NULL, NULL, one.partner_id, one.move_line_id"),
            SQL("one.on_date, one.move_line_id"),
        ),
    )


def _used_up(one, other, names, order):
    """How much of each row of ``one`` is used up by the sum of ``other``, in this order."""
    return SQL(
        """
        SELECT %(names)s, LEAST(one.amount, GREATEST(0, other.amount - %(running)s)) AS amount
          FROM (%(one)s) one
          JOIN (SELECT partner_id, currency_id, sum(amount) AS amount
                  FROM (%(other)s) rest GROUP BY partner_id, currency_id) other
            ON other.partner_id = one.partner_id AND other.currency_id = one.currency_id
        """,
        names=names,
        one=one,
        other=other,
        running=running(SQL("one.amount"), SQL("one.partner_id, one.currency_id"), order),
    )


def kept():
    """The money left of each source after refunds."""
    return SQL(
        """
        SELECT money.kind, money.source_id, money.partner_id, money.currency_id, money.move_id,
               money.is_sure, money.on_date, money.is_credit_note, money.label, money.company_id,
               money.amount - COALESCE(gone.amount, 0) AS amount,
               money.value * (1 - COALESCE(gone.amount, 0) / money.amount) AS value
          FROM money
          LEFT JOIN (
            SELECT kind, source_id, partner_id, sum(amount) AS amount
              FROM given_back WHERE kind IS NOT NULL GROUP BY kind, source_id, partner_id
          ) gone ON gone.kind = money.kind AND gone.source_id = money.source_id
                AND gone.partner_id = money.partner_id
        """
    )


# -- What is certainly his payment -----------------------------------------------------------------


def credit():
    """Payments of the customer not yet reconciled, by the invoice they refer to."""
    return SQL(
        """
        SELECT partner_id, currency_id, move_id, sum(amount) AS amount, sum(value) AS value
          FROM kept WHERE is_sure
         GROUP BY partner_id, currency_id, move_id
        """
    )


def owing():
    """The items that money may cover, with what is owed on each apart from the part on hold.

    Only these are sorted, and with these columns only: sorting all columns of all items costs more
    than the rest of the plan. Items that are not due take no credit.
    """
    return SQL(
        """
        SELECT move_line_id, move_id, partner_id, currency_id, due, is_outflow, residual,
               residual_company,
               CASE WHEN exclusion IS NULL THEN residual - held_amount ELSE 0 END AS owed
          FROM parted
         WHERE partner_id IN (SELECT partner_id FROM kept)
            OR move_id IN (SELECT move_id FROM kept WHERE move_id IS NOT NULL)
        """
    )


def referred():
    """Set credits against the invoice they refer to, and refunds against the debit of the bank.

    In one pass: if the items were joined to themselves, PostgreSQL would expect more and more of
    them at each step. If an entry has items of several customers (an opening balance), each is
    treated separately: the plan of one customer says the same about him as the plan of all.
    """
    return SQL(
        """
        SELECT item.*,
               COALESCE(CASE WHEN is_outflow THEN back.amount
                             ELSE LEAST(owed, GREATEST(0, credit.amount - %s)) END, 0)
               AS referred_amount
          FROM owing item
          LEFT JOIN credit ON credit.move_id = item.move_id
                          AND credit.currency_id = item.currency_id
                          AND credit.partner_id = item.partner_id
          LEFT JOIN (
            SELECT move_line_id, sum(amount) AS amount FROM given_back
             WHERE move_line_id IS NOT NULL GROUP BY move_line_id
          ) back ON back.move_line_id = item.move_line_id
        """,
        running(
            SQL("CASE WHEN is_outflow THEN 0 ELSE owed END"),
            SQL("item.move_id, item.partner_id, item.currency_id"),
        ),
    )


def pool():
    """What is left of a customer's credits after the invoices they refer to."""
    return SQL(
        """
        SELECT total.partner_id, total.currency_id, total.amount AS whole, total.value,
               total.amount - COALESCE(used.amount, 0) AS amount
          FROM (SELECT partner_id, currency_id, sum(amount) AS amount, sum(value) AS value
                  FROM credit GROUP BY partner_id, currency_id) total
          LEFT JOIN (SELECT partner_id, currency_id, sum(referred_amount) AS amount
                       FROM referred WHERE NOT is_outflow GROUP BY partner_id, currency_id) used
            ON used.partner_id = total.partner_id AND used.currency_id = total.currency_id
        """
    )


def netted():
    """Set the rest against the items that fell due first (C. civ. 1342-10)."""
    left = SQL("GREATEST(0, owed - referred_amount)")
    return SQL(
        """
        SELECT item.*,
               referred_amount + COALESCE(LEAST(%s, GREATEST(0, pool.amount - %s)), 0)
               AS sure_amount
          FROM referred item
          LEFT JOIN pool ON pool.partner_id = item.partner_id
                        AND pool.currency_id = item.currency_id AND pool.amount > 0
        """,
        left,
        running(left, SQL("item.partner_id, item.currency_id")),
    )


# -- What may be his payment -----------------------------------------------------------------------


def possible():
    """Money that may be the customer's payment, by its value in company currency.

    Besides the uncertain sources: what is left of his money in a currency in which he owes nothing
    any more.
    """
    return SQL(
        """
        SELECT money.partner_id, money.move_id,
               sum(round(money.value * CASE WHEN EXISTS (
                   SELECT FROM item WHERE item.partner_id = money.partner_id
                      AND item.currency_id <> money.currency_id) THEN %(margin)s ELSE 1 END, 6)
               ) AS value
          FROM (
            SELECT partner_id, currency_id, move_id, value FROM kept WHERE NOT is_sure
             UNION ALL
            SELECT pool.partner_id, pool.currency_id, NULL,
                   pool.value * (pool.amount - COALESCE(used.amount, 0)) / pool.whole
              FROM pool
              LEFT JOIN (
                SELECT partner_id, currency_id, sum(sure_amount - referred_amount) AS amount
                  FROM netted GROUP BY partner_id, currency_id
              ) used ON used.partner_id = pool.partner_id
                    AND used.currency_id = pool.currency_id
             WHERE pool.amount > COALESCE(used.amount, 0)
          ) money
         GROUP BY money.partner_id, money.move_id
        """,
        margin=RATE_MARGIN,
    )


def hinted():
    """The items of these customers, by value: what is left of each, and what refers to it."""
    left = SQL("round(residual_company * GREATEST(0, owed - sure_amount) / residual, 6)")
    return SQL(
        """
        SELECT item.move_line_id, item.partner_id, item.due, item.left_value,
               CASE WHEN possible.value IS NULL THEN 0
                    ELSE LEAST(left_value, GREATEST(0, possible.value - %(running)s))
               END AS hinted_value
          FROM (
            SELECT item.*, %(left)s AS left_value
              FROM netted item WHERE partner_id IN (SELECT partner_id FROM possible)
          ) item
          LEFT JOIN possible ON possible.move_id = item.move_id
                            AND possible.partner_id = item.partner_id
        """,
        left=left,
        running=running(SQL("left_value"), SQL("item.move_id, item.partner_id")),
    )


def covered():
    """What certainly covers each item (``sure_amount``), and what may: ``possible_amount``."""
    left = SQL("(left_value - hinted_value)")
    return SQL(
        """
        SELECT item.move_line_id, item.sure_amount,
               COALESCE(split.amount, 0) AS possible_amount
          FROM netted item
          LEFT JOIN (
            SELECT part.move_line_id,
                   round((netted.owed - netted.sure_amount)
                         * LEAST(1, part.value / part.left_value),
                         currency.decimal_places) AS amount
              FROM (
                SELECT item.move_line_id, left_value,
                       hinted_value
                       + LEAST(%(left)s, GREATEST(0, rest.value - %(running)s)) AS value
                  FROM hinted item
                  JOIN (
                    SELECT whole.partner_id, whole.value - COALESCE(used.value, 0) AS value
                      FROM (SELECT partner_id, sum(value) AS value
                              FROM possible GROUP BY partner_id) whole
                      LEFT JOIN (SELECT partner_id, sum(hinted_value) AS value
                                   FROM hinted GROUP BY partner_id) used
                        ON used.partner_id = whole.partner_id
                  ) rest ON rest.partner_id = item.partner_id
              ) part
              JOIN netted ON netted.move_line_id = part.move_line_id
              JOIN res_currency currency ON currency.id = netted.currency_id
             WHERE part.value > 0
          ) split ON split.move_line_id = item.move_line_id
        """,
        left=left,
        running=running(left, SQL("item.partner_id")),
    )

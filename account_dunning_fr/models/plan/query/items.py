"""The items of the plan: every open debit of a creditor's customers, and what reduced it.

Penalties use the same functions to find out what is owed and since when.
"""

from typing import NamedTuple

from odoo.tools import SQL

from ...common.due import DUE_JOINS, DUE_ON, MONEY_JOURNALS, RETURNED, exclusion_sql

BANK_DAYS = 60  # maximum between a registered payment and its bank statement line


def of_partners(scope, column):
    """Return the condition that a contact belongs to the given customers; all if none are given.

    :param dict scope: of the plan; its ``partner_ids`` are commercial partners, or None
    :param SQL column: the contact's id
    """
    if scope["partner_ids"] is None:
        return SQL("TRUE")
    return SQL(
        "%s IN (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
        column,
        tuple(scope["partner_ids"]) or (0,),
    )


def decimal_places(scope):
    """Return the number of decimals of the creditor's currency, as SQL; read once per query."""
    return SQL("(SELECT decimal_places FROM res_currency WHERE id = %s)", scope["currency_id"])


def running(amount, partition, order=None):
    """Return the sum of the rows before this one, by default in the order of imputation."""
    return SQL(
        """
        COALESCE(sum(%s) OVER (
            PARTITION BY %s ORDER BY %s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0)
        """,
        amount,
        partition,
        order or SQL("due, item.move_line_id"),
    )


def debtor(move, line):
    """Return who was named as the debtor of an item when it was created, as SQL.

    For the plan and the dashboard. If a customer becomes a contact of another one, Odoo moves the
    items to that one, but the invoice still names the former. An entry names nobody.

    :param SQL move: the entry of the item
    :param SQL line: the item
    """
    return SQL("COALESCE(%s.partner_id, %s.partner_id)", move, line)


def open_lines(scope):
    """Return the condition that a line of a customer's account is open, penalties included."""
    return SQL("%s AND aml.reconciled IS NOT TRUE", _lines(scope))


def _lines(scope):
    return SQL(
        """
        aml.account_id IN %s AND aml.parent_state = 'posted'
        AND aml.company_id IN %s AND aml.dunning_moved_item_id IS NULL AND %s
        """,
        tuple(scope["account_ids"]) or (0,),
        tuple(scope["company_ids"]),
        of_partners(scope, SQL("aml.partner_id")),
    )


class _Open(NamedTuple):
    """Which debits are open, with what is left of each, in its currency and the company's: SQL."""

    condition: SQL
    residual: SQL
    residual_company: SQL
    later: SQL = SQL()


def _open_debits(scope):
    """Return the debits that are open, on a past day where the scope says which (``open_on``)."""
    if not (day := scope["open_on"]):
        residual = SQL("aml.amount_residual_currency")
        return _Open(open_lines(scope), residual, SQL("aml.amount_residual"))
    return _Open(
        SQL("%s AND aml.date <= %s", _lines(scope), day),
        SQL("(aml.amount_residual_currency + later.amount_currency)"),
        SQL("(aml.amount_residual + later.amount)"),
        SQL(
            """
            CROSS JOIN LATERAL (
                SELECT COALESCE(sum(partial.debit_amount_currency), 0) AS amount_currency,
                       COALESCE(sum(partial.amount), 0) AS amount
                  FROM account_partial_reconcile partial
                 WHERE partial.debit_move_id = aml.id AND partial.max_date > %s
            ) later
            """,
            day,
        ),
    )


def item(scope):
    """The open debits of the customers, per instalment, never per invoice.

    Those that are not due items (``exclusion``) are listed, but neither claimed nor covered.
    """
    debits = _open_debits(scope)
    return SQL(
        """
        SELECT aml.id AS move_line_id, aml.move_id, aml.company_id, aml.currency_id,
               partner.commercial_partner_id AS partner_id,
               %(debtor)s AS debtor_id, %(due)s AS due,
               aml.amount_currency AS total,
               %(residual)s AS residual, %(residual_company)s AS residual_company,
               COALESCE(aml.dunning_cycle, 0) AS cycle, aml.dunning_start_level_id,
               aml.no_followup, move.payment_state,
               -- The bank's words say more of a return to the customer than the number of its line.
               CASE WHEN %(returned)s THEN COALESCE(NULLIF(aml.name, ''), move.name)
                    ELSE move.name END AS move_name,
               COALESCE(move.invoice_date, move.date) AS invoice_date,
               aml.discount_date, aml.discount_amount_currency AS discounted,
               move.dunning_sent_on AS sent_on, move.dunning_received_on AS received_on,
               aml.dunning_returned_on AS returned_on,
               move.dunning_retention AS retention, %(exclusion)s AS exclusion,
               move.move_type = 'entry' AND journal.type IN %(money)s AS is_outflow,
               %(returned)s AS is_returned
          FROM account_move_line aml
          %(joins)s
          JOIN res_partner partner ON partner.id = aml.partner_id
          %(later)s
         WHERE %(open)s AND %(residual)s > 0 AND aml.dunning_penalty_id IS NULL
        """,
        residual=debits.residual,
        residual_company=debits.residual_company,
        later=debits.later,
        debtor=debtor(SQL("move"), SQL("aml")),
        due=DUE_ON,
        exclusion=exclusion_sql(scope["holdback_ids"]),
        money=MONEY_JOURNALS,
        returned=RETURNED,
        joins=SQL(DUE_JOINS),
        open=debits.condition,
    )


def settled(scope, since):
    """Items of customers that were settled since a day, to find out what covered them at the time.

    :param dict since: ``{id of a customer: day}``
    :return: ``SQL`` selecting some columns of ``owed`` (``plan.query.holds``); nothing is left open
    """
    return SQL(
        """
        SELECT aml.id AS move_line_id, aml.move_id, since.partner_id, aml.currency_id,
               %(due)s AS due, 0 AS residual, 0 AS held_amount,
               currency.rounding::float8::text AS step
          FROM unnest(%(partners)s::int[], %(days)s::date[]) since (partner_id, day)
          JOIN res_partner partner ON partner.commercial_partner_id = since.partner_id
          JOIN account_move_line aml ON aml.partner_id = partner.id
          %(joins)s
          JOIN res_currency currency ON currency.id = aml.currency_id
         WHERE aml.account_id IN %(accounts)s AND aml.company_id IN %(companies)s
           AND aml.reconciled AND aml.parent_state = 'posted' AND aml.amount_currency > 0
           AND aml.dunning_penalty_id IS NULL AND aml.dunning_moved_item_id IS NULL
           AND NOT (move.move_type = 'entry' AND journal.type IN %(money)s)
           AND %(exclusion)s IS NULL
           -- The line of the bank may be later than the payment, by which the match is dated.
           AND EXISTS (
            SELECT FROM account_partial_reconcile partial
             WHERE partial.debit_move_id = aml.id AND partial.max_date >= since.day - %(late)s)
        """,
        due=DUE_ON,
        partners=list(since),
        days=list(since.values()),
        joins=SQL(DUE_JOINS),
        accounts=tuple(scope["account_ids"]) or (0,),
        companies=tuple(scope["company_ids"]),
        money=MONEY_JOURNALS,
        exclusion=exclusion_sql(scope["holdback_ids"]),
        late=BANK_DAYS,
    )


# -- What is set against the items in the books ----------------------------------------------------

DOUBTFUL_CODE = "416%"  # PCG 416 « Clients douteux ou litigieux »
# PCG 654 « Pertes sur créances irrécouvrables »; 6714 before the PCG of 2025.
LOST_CODES = ["654%", "6714%"]
TAX_CODE = "445%"  # PCG 445: the VAT that goes with a loss is part of it

# One row per credit reconciled with an item: item, amount in its currency, kind of document, day.
# An entry settles what it covers on its day, whatever it consists of: money, a fee, a discount, a
# compensation, an advance, a factor (C. civ. 1342, 1347). Except what the creditor gave up alone (a
# loss, with its VAT) or moved to a doubtful account: that part of the entry is left out, and an
# item that was moved is reduced in proportion to what is received there. A line of our closings is
# given up as a whole: what they move back is no money either.
REDUCTIONS = """
    WITH direct AS (%(direct)s),
    settled AS (
        SELECT item_id, credit_id, amount, credit_id AS source_id FROM direct
         UNION ALL
        -- What came in on the doubtful account to which an item was moved, in proportion.
        SELECT direct.item_id, received.credit_move_id,
               direct.amount * received.amount / transfer.total, direct.credit_id
          FROM direct
          JOIN account_move_line credit ON credit.id = direct.credit_id
          JOIN account_move_line moved ON moved.move_id = credit.move_id AND moved.debit > 0
          JOIN account_account account ON account.id = moved.account_id
           AND account.code_store ->> %(root)s LIKE %(doubtful)s
          JOIN account_partial_reconcile received ON received.debit_move_id = moved.id
          JOIN LATERAL (
            SELECT sum(line.credit) AS total
              FROM account_move_line line
             WHERE line.move_id = credit.move_id AND line.account_id = credit.account_id
          ) transfer ON TRUE
    )
    SELECT settled.item_id, settled.amount * (1 - given_up.share) AS amount,
           move.move_type = 'out_refund' AS is_credit_note, item.date_maturity,
           COALESCE(bank.date, move.date) AS on_date, currency.rounding::float8::text AS step,
           settled.source_id, move.move_type = 'entry' AS is_entry, credit.date AS booked_on,
           CASE WHEN settled.credit_id = settled.source_id THEN settled.amount * given_up.share
                ELSE settled.amount * (given_up.share - 1) END AS given_up
      FROM settled
      JOIN account_move_line item ON item.id = settled.item_id
      JOIN res_currency currency ON currency.id = item.currency_id
      JOIN account_move_line credit ON credit.id = settled.credit_id
      JOIN account_move move ON move.id = credit.move_id
      -- The line of the bank with which a payment was matched.
      LEFT JOIN LATERAL (
        SELECT max(bank_move.date) AS date
          FROM account_move_line outstanding
          JOIN account_partial_reconcile matched ON matched.debit_move_id = outstanding.id
          JOIN account_move_line bank_line ON bank_line.id = matched.credit_move_id
          JOIN account_move bank_move ON bank_move.id = bank_line.move_id
         WHERE outstanding.move_id = move.id AND outstanding.id <> credit.id
           AND move.origin_payment_id IS NOT NULL
           AND bank_move.statement_line_id IS NOT NULL
      ) bank ON TRUE
      -- The share of an entry that was given up: what is doubtful, and what is lost with its VAT.
      LEFT JOIN LATERAL (
        SELECT LEAST(1, (COALESCE(sum(debit) FILTER (WHERE is_doubtful), 0)
                         + COALESCE(sum(debit) FILTER (WHERE is_lost) * (
                             1 + COALESCE(sum(debit) FILTER (WHERE is_tax), 0)
                                 / sum(debit) FILTER (WHERE is_lost OR is_charge)), 0)
                        ) / sum(credited)) AS share
          FROM (
            SELECT line.debit,
                   CASE WHEN line.account_id = credit.account_id THEN line.credit END AS credited,
                   account.code_store ->> %(root)s LIKE %(doubtful)s AS is_doubtful,
                   account.code_store ->> %(root)s LIKE ANY (%(lost)s) AS is_lost,
                   account.account_type LIKE ANY (ARRAY['expense%%', 'income%%']) AS is_charge,
                   account.code_store ->> %(root)s LIKE %(tax)s
                   OR line.tax_line_id IS NOT NULL AS is_tax
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE line.move_id = move.id AND move.move_type = 'entry'
          ) line
        HAVING bool_or(debit > 0 AND (is_doubtful OR is_lost))
      ) entry ON TRUE
      CROSS JOIN LATERAL (
        SELECT CASE WHEN credit.dunning_moved_item_id IS NULL THEN COALESCE(entry.share, 0)
                    ELSE 1 END AS share
      ) given_up
     -- A difference of exchange settles nothing.
     WHERE NOT EXISTS (
        SELECT FROM account_partial_reconcile exchange
         WHERE exchange.exchange_move_id = move.id
     )
"""


def matched(wanted):
    """Return what the books reconcile with items, for ``reductions``: one row per reconciliation.

    :param SQL wanted: condition on ``account_partial_reconcile partial``
    """
    return SQL(
        """
        SELECT partial.debit_move_id AS item_id, partial.credit_move_id AS credit_id,
               partial.debit_amount_currency AS amount
          FROM account_partial_reconcile partial
         WHERE %s
        """,
        wanted,
    )


def set_against(shares):
    """Return what is set against items but not booked, for ``reductions``.

    :param list shares: ``(item id, id of the credit's journal item, amount)``
    """
    return SQL(
        """
        SELECT item_id, credit_id, amount
          FROM unnest(%s::int[], %s::int[], %s::numeric[]) AS share (item_id, credit_id, amount)
        """,
        *map(list, zip(*shares, strict=True)),
    )


def reductions(direct, root_id):
    """Return what reduces items, given what is set against them.

    :param SQL direct: what is set against items: ``item_id``, ``credit_id`` (the journal item in
        favour of the customer) and ``amount`` (in the item's currency)
    :param int root_id: company whose chart defines the doubtful and loss accounts
    :return: ``SQL`` selecting ``item_id``, ``amount`` (in the item's currency), ``is_credit_note``,
        ``date_maturity``, ``on_date`` (of the bank line, else of the document), ``step`` (the
        smallest unit of the currency), ``source_id`` (the ``credit_id`` given), ``is_entry``,
        ``booked_on`` (of the document) and ``given_up`` (what of it is lost, or still doubtful: the
        sum over an item; negative on a row that received some of it)
    """
    return SQL(
        REDUCTIONS,
        direct=direct,
        root=str(root_id),
        doubtful=DOUBTFUL_CODE,
        lost=LOST_CODES,
        tax=TAX_CODE,
    )

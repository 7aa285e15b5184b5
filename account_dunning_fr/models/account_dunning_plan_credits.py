"""The credits of the plan: what a customer already paid, and the items it covers.

``core.credits`` states the same rule in Python; the tests compare both.
"""

from odoo.tools import SQL


def of_partners(scope, column):
    if scope["partner_ids"] is None:
        return SQL("TRUE")
    return SQL(
        "%s IN (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
        column,
        tuple(scope["partner_ids"]) or (0,),
    )


def open_lines(scope):
    return SQL(
        """
        aml.account_id IN %s AND aml.reconciled IS NOT TRUE AND aml.parent_state = 'posted'
        AND aml.company_id IN %s AND aml.dunning_penalty_id IS NULL AND %s
        """,
        tuple(scope["account_ids"]) or (0,),
        tuple(scope["company_ids"]),
        of_partners(scope, SQL("aml.partner_id")),
    )


# The invoice of a payment that was registered for one invoice only.
ONE_INVOICE = SQL(
    """
    LEFT JOIN LATERAL (
        SELECT min(rel.invoice_id) AS move_id
          FROM account_move__account_payment rel
         WHERE rel.payment_id = payment.id
        HAVING count(*) = 1
    ) one ON TRUE
    """
)


def credit():
    """Money of the customer not yet set against an item, and the invoice it refers to if any."""
    return SQL(
        """
        SELECT partner_id, currency_id, move_id, sum(amount) AS amount
          FROM money
         GROUP BY partner_id, currency_id, move_id
        """
    )


def money(scope):
    """Each sum of the customer not yet set against an item, with its day: the plan claims what is
    left, and interest runs on what is claimed (``account.dunning.accrual``).

    Open credit notes and payments, payments in process that have no entry yet, and statement lines
    that wait for their reconciliation: nobody is chased for what he has paid.

    :return: ``SQL`` selecting ``partner_id``, ``currency_id``, ``move_id`` (the invoice it refers
        to, or NULL), ``amount``, ``on_date`` and ``is_credit_note``
    """
    return SQL(
        "%s UNION ALL %s UNION ALL %s",
        _open_credits(scope),
        _payments_in_process(scope),
        _bank_lines(scope),
    )


def _open_credits(scope):
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id, aml.currency_id,
               COALESCE(move.reversed_entry_id, one.move_id) AS move_id,
               -aml.amount_residual_currency AS amount, move.date AS on_date,
               move.move_type = 'out_refund' AS is_credit_note
          FROM account_move_line aml
          JOIN account_move move ON move.id = aml.move_id
          JOIN res_partner partner ON partner.id = aml.partner_id
          LEFT JOIN account_payment payment ON payment.id = aml.payment_id
          %s
         WHERE %s AND aml.amount_residual_currency < 0
        """,
        ONE_INVOICE,
        open_lines(scope),
    )


def _payments_in_process(scope):
    return SQL(
        """
        SELECT partner.commercial_partner_id, payment.currency_id, one.move_id, payment.amount,
               payment.date, FALSE
          FROM account_payment payment
          JOIN res_partner partner ON partner.id = payment.partner_id
          %s
         WHERE payment.state = 'in_process' AND payment.move_id IS NULL
           AND payment.payment_type = 'inbound' AND payment.partner_type = 'customer'
           AND payment.company_id IN %s AND %s
        """,
        ONE_INVOICE,
        tuple(scope["company_ids"]),
        of_partners(scope, SQL("payment.partner_id")),
    )


def _bank_lines(scope):
    return SQL(
        """
        SELECT partner.commercial_partner_id,
               COALESCE(line.foreign_currency_id, line.currency_id), NULL::int,
               round(abs(line.amount_residual)::numeric, 6), move.date, FALSE
          FROM account_bank_statement_line line
          JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
          JOIN res_partner partner ON partner.id = line.partner_id
         WHERE line.is_reconciled IS NOT TRUE AND line.amount > 0
           AND line.company_id IN %s AND %s
        """,
        tuple(scope["company_ids"]),
        of_partners(scope, SQL("line.partner_id")),
    )


# What is owed of an item once the part on hold is set aside.
OWED = SQL("(residual - held_amount)")


def running(amount, partition):
    """Sum of the items due before this one, in the order in which credits are imputed."""
    return SQL(
        """
        COALESCE(sum(%s) OVER (
            PARTITION BY %s ORDER BY due, item.move_line_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0)
        """,
        amount,
        partition,
    )


def referred():
    """A credit goes to the invoice it refers to first; only invoices that have one are sorted."""
    return SQL(
        """
        SELECT item.*, COALESCE(split.referred_amount, 0) AS referred_amount
          FROM parted item
          LEFT JOIN (
            SELECT item.move_line_id,
                   LEAST(%(owed)s, GREATEST(0, COALESCE(credit.amount, 0) - %(running)s))
                   AS referred_amount
              FROM parted item
              LEFT JOIN credit ON credit.move_id = item.move_id
                              AND credit.currency_id = item.currency_id
                              AND credit.partner_id = item.partner_id
             WHERE item.move_id IN (SELECT move_id FROM credit WHERE move_id IS NOT NULL)
          ) split ON split.move_line_id = item.move_line_id
        """,
        owed=OWED,
        running=running(OWED, SQL("item.move_id, item.currency_id")),
    )


def pool():
    """What is left of a customer's credits after the invoices they refer to."""
    return SQL(
        """
        SELECT total.partner_id, total.currency_id,
               total.amount - COALESCE(used.amount, 0) AS amount
          FROM (SELECT partner_id, currency_id, sum(amount) AS amount
                  FROM credit GROUP BY partner_id, currency_id) total
          LEFT JOIN (SELECT partner_id, currency_id, sum(referred_amount) AS amount
                       FROM referred GROUP BY partner_id, currency_id) used
            ON used.partner_id = total.partner_id AND used.currency_id = total.currency_id
        """
    )


def netted():
    """The rest goes to the items that fell due first (C. civ. 1342-10).

    Only the items of customers who have such a rest are sorted.
    """
    left = SQL("%s - referred_amount", OWED)
    return SQL(
        """
        SELECT item.*, referred_amount + COALESCE(split.amount, 0) AS credit_amount
          FROM referred item
          LEFT JOIN (
            SELECT item.move_line_id,
                   LEAST(%s, GREATEST(0, pool.amount - %s)) AS amount
              FROM referred item
              JOIN pool ON pool.partner_id = item.partner_id
                       AND pool.currency_id = item.currency_id
             WHERE pool.amount > 0
          ) split ON split.move_line_id = item.move_line_id
        """,
        left,
        running(left, SQL("item.partner_id, item.currency_id")),
    )

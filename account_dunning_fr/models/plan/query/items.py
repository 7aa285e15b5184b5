"""The items of the plan: every open debit of the customers of a creditor."""

from odoo.tools import SQL

from ...common.due import DUE_JOINS, DUE_ON, MONEY_JOURNALS, RETURNED, exclusion_sql


def of_partners(scope, column):
    if scope["partner_ids"] is None:
        return SQL("TRUE")
    return SQL(
        "%s IN (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
        column,
        tuple(scope["partner_ids"]) or (0,),
    )


def debtor(move, line):
    """Whom an item named as its debtor when it was made, as SQL: the plan and the dashboard ask it.

    Odoo gives the items of a customer who becomes a contact of another to that one; the invoice
    still names him. An entry names nobody.

    :param SQL move: the entry of the item
    :param SQL line: the item
    """
    return SQL("COALESCE(%s.partner_id, %s.partner_id)", move, line)


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


def item(scope):
    """Open debits of the customers: what is due by instalment, never by invoice.

    Those that are no due item (``exclusion``) are told, and neither claimed nor covered.
    """
    return SQL(
        """
        SELECT aml.id AS move_line_id, aml.move_id, aml.company_id, aml.currency_id,
               partner.commercial_partner_id AS partner_id,
               %(debtor)s AS debtor_id, %(due)s AS due,
               aml.amount_currency AS total,
               aml.amount_residual_currency AS residual, aml.amount_residual AS residual_company,
               COALESCE(aml.dunning_cycle, 0) AS cycle, aml.dunning_start_level_id,
               aml.no_followup, move.payment_state,
               -- The bank's words say more of a return to the customer than the number of its line.
               CASE WHEN %(returned)s THEN COALESCE(NULLIF(aml.name, ''), move.name)
                    ELSE move.name END AS move_name,
               COALESCE(move.invoice_date, move.date) AS invoice_date,
               aml.discount_date, aml.discount_amount_currency AS discounted,
               move.dunning_sent_on AS sent_on,
               move.dunning_retention AS retention, %(exclusion)s AS exclusion,
               move.move_type = 'entry' AND journal.type IN %(money)s AS is_outflow,
               %(returned)s AS is_returned
          FROM account_move_line aml
          %(joins)s
          JOIN res_partner partner ON partner.id = aml.partner_id
         WHERE %(open)s AND aml.amount_residual_currency > 0
        """,
        debtor=debtor(SQL("move"), SQL("aml")),
        due=DUE_ON,
        exclusion=exclusion_sql(scope["holdback_ids"]),
        money=MONEY_JOURNALS,
        returned=RETURNED,
        joins=SQL(DUE_JOINS),
        open=open_lines(scope),
    )

from odoo import fields, models
from odoo.tools import SQL


class AccountDunningReceiptReport(models.Model):
    """Money received after a notice, one row per reconciliation, for pivots and graphs.

    A receipt is attributed to the last notice that claimed the item and was sent before it or on
    the same day. This shows what followed a notice, not what the notice caused.
    """

    _name = "account.dunning.receipt.report"
    _description = "Receipts after Reminders"
    _auto = False
    _order = "date DESC, id DESC"
    _rec_name = "notice_id"

    date = fields.Date(string="Received on", readonly=True)
    notice_date = fields.Date(string="Reminder of", readonly=True)
    days = fields.Integer(string="Days after the reminder", readonly=True, aggregator="avg")
    company_id = fields.Many2one("res.company", string="Creditor", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    notice_id = fields.Many2one("account.dunning.notice", string="Reminder", readonly=True)
    level_id = fields.Many2one("account.dunning.level", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    amount = fields.Monetary(string="Received", currency_field="company_currency_id", readonly=True)

    @property
    def _table_query(self):
        """Payments reconciled with items claimed by a notice, each with the last notice before it.

        Nothing is stored: Odoo needs a table to group and to measure.
        """
        return SQL(
            """
            SELECT partial.id,
                   receipt.date,
                   notice.date AS notice_date,
                   receipt.date - notice.date AS days,
                   notice.company_id,
                   company.currency_id AS company_currency_id,
                   notice.partner_id,
                   notice.id AS notice_id,
                   notice.level_id,
                   item.move_id,
                   COALESCE(invoice.invoice_user_id, partner.user_id) AS user_id,
                   partial.amount
              FROM account_partial_reconcile partial
              JOIN account_move_line item ON item.id = partial.debit_move_id
               AND item.dunning_level_id IS NOT NULL
              JOIN account_move invoice ON invoice.id = item.move_id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
              JOIN account_move receipt ON receipt.id = credit.move_id
              JOIN account_journal journal ON journal.id = receipt.journal_id
               AND journal.type IN ('bank', 'cash', 'credit')
              JOIN LATERAL (
                SELECT sent.*
                  FROM account_dunning_notice_line line
                  JOIN account_dunning_notice sent ON sent.id = line.notice_id
                 WHERE line.move_line_id = item.id AND line.claimed
                   AND sent.state = 'sent' AND sent.has_left AND sent.date <= receipt.date
                 ORDER BY sent.date DESC, sent.id DESC
                 LIMIT 1
              ) notice ON TRUE
              JOIN res_company company ON company.id = notice.company_id
              JOIN res_partner partner ON partner.id = notice.partner_id
             WHERE receipt.state = 'posted'
            """
        )

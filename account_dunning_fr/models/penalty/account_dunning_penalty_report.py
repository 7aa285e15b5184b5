from odoo import fields, models
from odoo.tools import SQL

from .account_dunning_penalty import PARTS


class AccountDunningPenaltyReport(models.Model):
    """Penalties in the books, one row per journal item, for pivots and graphs.

    Read from the entries themselves, so that it cannot disagree with the ledger: a correction is a
    separate, negative row.
    """

    _name = "account.dunning.penalty.report"
    _description = "Analysis of Penalties"
    _auto = False
    _order = "date DESC, id DESC"
    _rec_name = "entry_id"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", string="Creditor", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    entry_id = fields.Many2one("account.move", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    part = fields.Selection(PARTS, readonly=True)
    state = fields.Selection([("draft", "Draft"), ("posted", "Posted")], readonly=True)
    booked = fields.Monetary(currency_field="company_currency_id", readonly=True)
    paid = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Settled by payments or corrections.",
    )
    residual = fields.Monetary(
        string="Not received", currency_field="company_currency_id", readonly=True
    )

    @property
    def _table_query(self):
        """The journal items of penalties, with the amount paid of each: a table for Odoo's groups.

        A draft is neither paid nor unpaid.
        """
        return SQL(
            """
            SELECT line.id,
                   line.date,
                   penalty.company_id,
                   company.currency_id AS company_currency_id,
                   penalty.partner_id,
                   line.move_id AS entry_id,
                   penalty.move_id,
                   invoice.invoice_user_id AS user_id,
                   line.dunning_penalty_part AS part,
                   line.parent_state AS state,
                   line.balance AS booked,
                   CASE WHEN line.parent_state = 'posted'
                        THEN line.balance - line.amount_residual ELSE 0 END AS paid,
                   CASE WHEN line.parent_state = 'posted'
                        THEN line.amount_residual ELSE 0 END AS residual
              FROM account_move_line line
              JOIN account_dunning_penalty penalty ON penalty.id = line.dunning_penalty_id
              JOIN res_company company ON company.id = penalty.company_id
              LEFT JOIN account_move invoice ON invoice.id = penalty.move_id
             WHERE line.parent_state IN ('draft', 'posted')
            """
        )

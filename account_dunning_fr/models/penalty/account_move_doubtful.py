from odoo import api, fields, models
from odoo.tools import SQL, format_date, formatLang

from ..plan.query.reductions import DOUBTFUL_CODE

TRANSFERS = """
    SELECT partial.debit_move_id AS item_id,
           max(moved.id) AS line_id,
           max(move.date) AS date
      FROM account_partial_reconcile partial
      JOIN account_move_line credit ON credit.id = partial.credit_move_id
      JOIN account_move move ON move.id = credit.move_id AND move.state = 'posted'
      JOIN account_move_line moved ON moved.move_id = move.id AND moved.debit > 0
      JOIN account_account account ON account.id = moved.account_id
       AND account.code_store ->> %(root)s LIKE %(doubtful)s
     WHERE partial.debit_move_id IN %(items)s
     GROUP BY partial.debit_move_id
"""


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_dunning_doubtful_transfers(self):
        """Return where items were moved to doubtful customers (PCG 416), ``{item: (line, day)}``.

        The transfer settles the item in the books, so that it is no longer chased; the debt lives
        on in the line of the doubtful account.
        """
        if not self.ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                TRANSFERS,
                items=tuple(self.ids),
                root=str(self.company_id[:1].root_id.id),
                doubtful=DOUBTFUL_CODE,
            )
        )
        return {self.browse(item): (self.browse(line), day) for item, line, day in rows}

    def _get_dunning_doubtful_sentence(self, day):
        """Return what became of a debt moved to this line of a doubtful account."""
        self.ensure_one()
        return self.env._(
            "Moved to %(account)s on %(date)s, %(left)s left there: it is no longer chased, and "
            "its interest goes on until it is paid.",
            account=self.account_id.display_name,
            date=format_date(self.env, day),
            left=formatLang(
                self.env, self.amount_residual, currency_obj=self.company_id.currency_id
            ),
        )


class AccountDunningPenalty(models.Model):
    """The debt moved to doubtful customers is still the one whose penalties run."""

    _inherit = "account.dunning.penalty"

    doubtful_line_id = fields.Many2one(
        "account.move.line",
        string="Doubtful debt",
        compute="_compute_doubtful_line_id",
        help="Where the item was moved to doubtful customers (416).",
    )
    doubtful_note = fields.Char(compute="_compute_doubtful_line_id")

    @api.depends("move_line_id.matched_credit_ids")
    def _compute_doubtful_line_id(self):
        transfers = self.sudo().move_line_id._get_dunning_doubtful_transfers()
        for penalty in self:
            line, day = transfers.get(penalty.move_line_id, (False, False))
            penalty.doubtful_line_id = line
            penalty.doubtful_note = line and line._get_dunning_doubtful_sentence(day)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_dunning_sentence(self, row):
        """An invoice moved to doubtful customers looks settled, and is not."""
        settled = self.payment_state in ("paid", "in_payment", "reversed")
        if row is None and self.state == "posted" and settled:
            transfers = self.sudo().line_ids._get_dunning_doubtful_transfers()
            for line, day in transfers.values():
                if not line.reconciled:
                    return line._get_dunning_doubtful_sentence(day)
        return super()._get_dunning_sentence(row)

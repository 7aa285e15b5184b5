from odoo import api, fields, models

from ...core.instalments import KEPT, MISSED, WAITING
from ..common.creditors_day import creditors_day


class AccountDunningInsolvencyDividend(models.Model):
    """One dividend paid under the plan of an insolvent customer, as stated in the plan.

    Nobody is written to about it: the plan belongs to the proceedings.
    """

    _name = "account.dunning.insolvency.dividend"
    _description = "Dividend of an Insolvency Plan"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "insolvency_id, date, id"
    _rec_name = "date"

    insolvency_id = fields.Many2one(
        "account.dunning.insolvency",
        string="Proceedings",
        required=True,
        index=True,
        ondelete="cascade",
        writer="create",
    )
    company_id = fields.Many2one(related="insolvency_id.company_id", store=True)
    euro_id = fields.Many2one(related="insolvency_id.euro_id")
    date = fields.Date(required=True, writer="anyone")
    percent = fields.Float(string="% of the claim", digits=(5, 2), required=True, writer="anyone")
    amount = fields.Monetary(currency_field="euro_id", compute="_compute_state")
    received = fields.Monetary(currency_field="euro_id", compute="_compute_state")
    state = fields.Selection(
        [(KEPT, "Received"), (WAITING, "Expected"), (MISSED, "Not received")],
        compute="_compute_state",
    )

    _percent_possible = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)",
        "A dividend is of more than zero and at most 100 percent.",
    )

    @api.depends(
        "date", "percent", "insolvency_id.amount_admitted", "insolvency_id.dividend_ids.percent"
    )
    def _compute_state(self):
        judged = self.insolvency_id._judge_dividends(creditors_day(self))
        for line in self:
            line.amount, line.received, line.state = judged.get(line, (0.0, 0.0, WAITING))

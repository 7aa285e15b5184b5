from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.creditors_day import creditors_day
from .account_dunning_payment_plan import DRAFT


class AccountDunningPaymentPlanLine(models.Model):
    """One instalment of a payment plan."""

    _name = "account.dunning.payment.plan.line"
    _description = "Instalment of a Payment Plan"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "plan_id, date, id"

    _dunning_shown_state = "(parent.signed_at or parent.signed_sha256) and 'signed' or parent.state"

    plan_id = fields.Many2one(
        "account.dunning.payment.plan",
        required=True,
        index=True,
        ondelete="cascade",
        writer="create",
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    date = fields.Date(required=True, writer="create draft")
    amount = fields.Monetary(required=True, writer="create draft")
    received = fields.Monetary(compute="_compute_state")
    left = fields.Monetary(
        string="Left to pay",
        compute="_compute_state",
        help="Of this instalment; a credit note shortens the last ones.",
    )
    state = fields.Selection(
        [("kept", "Honoured"), ("waiting", "Waiting"), ("missed", "Missed")],
        compute="_compute_state",
    )
    reminded_on = fields.Date(readonly=True, copy=False)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "An instalment is of more than zero."
    )

    @api.depends("date", "amount", "plan_id.state", "plan_id.line_ids.amount")
    def _compute_state(self):
        judged = self.plan_id._judge(creditors_day(self))
        for line in self:
            received, state, left = judged.get(line.id, (0, "waiting", line.amount))
            line.received = float(received)
            line.state = state
            line.left = float(left)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su and any(line._get_dunning_state() != DRAFT for line in lines):
            raise UserError(self.env._("What was signed is kept as it was."))
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(line.plan_id.state != DRAFT for line in self):
            raise UserError(self.env._("What was signed is kept as it was."))

    def _get_dunning_state(self):
        self.ensure_one()
        return self.plan_id._get_dunning_state()

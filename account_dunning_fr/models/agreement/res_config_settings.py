from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_promise_days = fields.Integer(related="company_id.dunning_promise_days", readonly=False)
    dunning_promise_amount = fields.Monetary(
        related="company_id.dunning_promise_amount",
        readonly=False,
    )
    dunning_plan_grace_days = fields.Integer(
        related="company_id.dunning_plan_grace_days", readonly=False
    )
    group_dunning_plans = fields.Boolean(
        string="Payment plans", implied_group="account_dunning_fr.group_use_plans"
    )
    dunning_plans_open = fields.Integer(
        string="Payment plans in progress", compute="_compute_dunning_plans_open"
    )

    @api.depends("company_id")
    def _compute_dunning_plans_open(self):
        plans = self.env["account.dunning.payment.plan"]
        self.dunning_plans_open = plans.search_count([("state", "in", ("draft", "running"))])

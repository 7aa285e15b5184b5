from odoo import fields, models


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
    dunning_call_days = fields.Integer(related="company_id.dunning_call_days", readonly=False)

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_active = fields.Boolean(related="company_id.dunning_active", readonly=False)
    dunning_policy_id = fields.Many2one(related="company_id.dunning_policy_id", readonly=False)
    dunning_user_id = fields.Many2one(related="company_id.dunning_user_id", readonly=False)
    dunning_statement_max_age = fields.Integer(
        related="company_id.dunning_statement_max_age", readonly=False
    )
    dunning_sent_days = fields.Integer(related="company_id.dunning_sent_days", readonly=False)
    dunning_monthly_user_ids = fields.Many2many(
        related="company_id.dunning_monthly_user_ids", readonly=False
    )
    dunning_run_days = fields.Integer(
        string="Days for which runs are kept",
        config_parameter="account_dunning_fr.run_days",
        default=90,
    )

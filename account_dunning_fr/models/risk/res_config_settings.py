from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_dunning_risk = fields.Boolean(
        string="Risk and checks", implied_group="account_dunning_fr.group_use_risk"
    )
    dunning_risk = fields.Boolean(related="company_id.dunning_risk", readonly=False)
    dunning_risk_sole_traders = fields.Boolean(
        related="company_id.dunning_risk_sole_traders", readonly=False
    )
    dunning_check_months = fields.Integer(related="company_id.dunning_check_months", readonly=False)
    dunning_watch_bodacc = fields.Boolean(related="company_id.dunning_watch_bodacc", readonly=False)
    dunning_bodacc_until = fields.Date(related="company_id.dunning_bodacc_until")
    dunning_watch_register = fields.Boolean(
        related="company_id.dunning_watch_register", readonly=False
    )

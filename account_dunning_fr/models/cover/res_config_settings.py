from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_dunning_insurance = fields.Boolean(
        string="Credit insurance", implied_group="account_dunning_fr.group_use_insurance"
    )

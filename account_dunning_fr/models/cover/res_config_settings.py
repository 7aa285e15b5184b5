from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_dunning_insurance = fields.Boolean(
        string="Credit insurance", implied_group="account_dunning_fr.group_use_insurance"
    )
    group_dunning_factoring = fields.Boolean(
        string="Factoring", implied_group="account_dunning_fr.group_use_factoring"
    )
    group_dunning_agencies = fields.Boolean(
        string="Collection agencies", implied_group="account_dunning_fr.group_use_agencies"
    )

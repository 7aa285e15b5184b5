from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_mentions = fields.Boolean(related="company_id.dunning_mentions", readonly=False)

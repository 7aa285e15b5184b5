from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_mentions = fields.Boolean(related="company_id.dunning_mentions", readonly=False)
    dunning_checks = fields.Selection(related="company_id.dunning_checks", readonly=False)
    dunning_deposit_from = fields.Monetary(
        related="company_id.dunning_deposit_from", readonly=False
    )
    dunning_invoice_within = fields.Integer(
        related="company_id.dunning_invoice_within", readonly=False
    )

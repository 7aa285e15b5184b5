from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_contact_max = fields.Integer(related="company_id.dunning_contact_max", readonly=False)
    dunning_contact_from = fields.Integer(related="company_id.dunning_contact_from", readonly=False)
    dunning_contact_to = fields.Integer(related="company_id.dunning_contact_to", readonly=False)
    dunning_registered_provider = fields.Selection(
        related="company_id.dunning_registered_provider", readonly=False
    )

    # -- Daily limit -------------------------------------------------------------------------------

    dunning_daily_limit = fields.Integer(related="company_id.dunning_daily_limit", readonly=False)

    # -- Costs -------------------------------------------------------------------------------------

    dunning_letter_cost = fields.Monetary(related="company_id.dunning_letter_cost", readonly=False)
    dunning_registered_cost = fields.Monetary(
        related="company_id.dunning_registered_cost", readonly=False
    )
    dunning_call_cost = fields.Monetary(related="company_id.dunning_call_cost", readonly=False)

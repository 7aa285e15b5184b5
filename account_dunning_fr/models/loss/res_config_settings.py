from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_dunning_losses = fields.Boolean(
        string="Doubtful customers", implied_group="account_dunning_fr.group_use_losses"
    )
    dunning_closing_journal_id = fields.Many2one(
        related="company_id.dunning_closing_journal_id", readonly=False
    )

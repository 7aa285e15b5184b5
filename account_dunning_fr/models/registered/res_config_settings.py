from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_dunning_registered = fields.Boolean(
        string="Registered post", implied_group="account_dunning_fr.group_use_registered"
    )
    dunning_registered_open = fields.Integer(
        string="Registered letters that wait", compute="_compute_dunning_registered_open"
    )

    @api.depends("company_id")
    def _compute_dunning_registered_open(self):
        letters = self.env["account.dunning.registered"]
        self.dunning_registered_open = letters.search_count([("waiting_for", "!=", False)])

from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_call_days = fields.Integer(related="company_id.dunning_call_days", readonly=False)
    group_dunning_calls = fields.Boolean(
        string="Calls", implied_group="account_dunning_fr.group_use_calls"
    )
    dunning_calls_open = fields.Integer(
        string="Calls to make", compute="_compute_dunning_calls_open"
    )

    @api.depends("company_id")
    def _compute_dunning_calls_open(self):
        calls = self.env["account.dunning.call"]
        self.dunning_calls_open = calls.search_count([("state", "=", "todo")])

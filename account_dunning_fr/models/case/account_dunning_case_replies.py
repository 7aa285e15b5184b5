from odoo import api, models


class AccountDunningCase(models.Model):
    _inherit = "account.dunning.case"

    @api.model
    def _get_piece_sources(self):
        return [*super()._get_piece_sources(), "_find_replies"]

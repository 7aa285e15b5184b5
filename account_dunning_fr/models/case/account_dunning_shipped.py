from odoo import api, models


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    @api.model
    def _get_sources(self):
        return [*super()._get_sources(), "_get_shipped_tasks"]

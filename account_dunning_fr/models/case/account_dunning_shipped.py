from odoo import api, models


class AccountDunningCourt(models.Model):
    _name = "account.dunning.court"
    _inherit = ["account.dunning.court", "account.dunning.shipped"]

    @api.model
    def _find_typed(self, vals):
        return self.with_context(active_test=False).search(
            [("code", "=", vals.get("code"))], limit=1
        )


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    @api.model
    def _get_sources(self):
        return [*super()._get_sources(), "_get_shipped_tasks"]

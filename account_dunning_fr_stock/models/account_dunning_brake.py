from odoo import api, models


class AccountDunningBrake(models.AbstractModel):
    _inherit = "account.dunning.brake"

    @api.model
    def _get_stop_words(self):
        words = super()._get_stop_words()
        return {**words, "deliveries": self.env._("New orders and deliveries are stopped.")}

from odoo import api, models

from ..common.account_dunning_shortcut import Shortcut
from ..common.marks import tells


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_registered_shortcuts(self):
        return [
            Shortcut(
                "lists", self.env._("Registered letters"), "action_account_dunning_registered"
            ),
        ]

from odoo import api, models

from ..common.account_dunning_shortcut import Shortcut
from ..common.marks import tells


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_case_shortcuts(self):
        return [
            Shortcut("lists", self.env._("Court files"), "action_account_dunning_case"),
            Shortcut(
                "law",
                self.env._("Courts"),
                "action_account_dunning_court",
                self.env._("With the departments they serve"),
            ),
        ]

from odoo import api, models

from ..common.account_dunning_shortcut import MANAGER, Shortcut
from ..common.marks import tells


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_call_shortcuts(self):
        return [
            Shortcut("lists", self.env._("Calls"), "action_open_calls"),
            Shortcut(
                "start",
                self.env._("Call scripts"),
                "action_account_dunning_call_script",
                self.env._("What to say, by level and by profile"),
                MANAGER,
            ),
        ]

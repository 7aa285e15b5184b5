from odoo import api, models

from ..common.account_dunning_shortcut import Shortcut
from ..common.marks import tells

USERS = "account_dunning_fr.group_use_risk"


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_risk_shortcuts(self):
        return [
            Shortcut(
                "lists",
                self.env._("Customers to check"),
                "action_account_dunning_risk",
                self.env._("New, over their limit, checked long ago, or paying worse"),
                USERS,
            ),
            Shortcut(
                "lists",
                self.env._("Checks of customers"),
                "action_account_dunning_check",
                groups=USERS,
            ),
            Shortcut(
                "lists",
                self.env._("Import the notices of the day"),
                "action_account_dunning_register_import",
                self.env._("BODACC, in CSV or JSON, or one notice pasted"),
                USERS,
            ),
        ]

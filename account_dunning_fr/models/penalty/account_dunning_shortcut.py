from odoo import api, models

from ..common.account_dunning_shortcut import Shortcut
from ..common.marks import tells


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_penalty_shortcuts(self):
        return [
            Shortcut(
                "results",
                self.env._("Penalties, analysed"),
                "action_account_dunning_penalty_report",
            ),
            Shortcut(
                "lists",
                self.env._("Customers and penalties"),
                "action_dunning_customers",
                self.env._("Booked, paid, waived and not received"),
            ),
            Shortcut(
                "situation",
                self.env._("Penalties at year end"),
                "action_account_dunning_year_end",
                self.env._("What is owed and not booked on the closing date"),
            ),
            Shortcut(
                "law",
                self.env._("Late-payment rates"),
                "action_account_dunning_rate",
                self.env._("Those of each half-year, with their source"),
            ),
        ]

from odoo import api, models

from ..common.account_dunning_shortcut import Shortcut
from ..common.marks import tells


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_plan_shortcuts(self):
        return [
            Shortcut(
                "lists",
                self.env._("Invoices and reminders"),
                "action_dunning_invoices",
                self.env._("With level, days overdue, last reminder and penalties"),
            ),
            Shortcut(
                "lists",
                self.env._("Overdue items"),
                "action_dunning_items",
                self.env._("With level, days overdue, last reminder and whether on hold"),
            ),
            Shortcut(
                "lists", self.env._("Money to identify"), "action_account_dunning_waiting_money"
            ),
            Shortcut("lists", self.env._("Money set aside"), "action_account_dunning_set_aside"),
        ]

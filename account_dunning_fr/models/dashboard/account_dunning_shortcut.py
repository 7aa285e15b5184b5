from odoo import api, models

from ..common.account_dunning_shortcut import Shortcut
from ..common.marks import tells


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_dashboard_shortcuts(self):
        return [
            Shortcut(
                "situation",
                self.env._("Monthly report"),
                "action_account_dunning_monthly",
                self.env._("The figures of a month, to print"),
            ),
            Shortcut(
                "results", self.env._("Reminders sent"), "action_account_dunning_notice_report"
            ),
            Shortcut(
                "results",
                self.env._("Receipts after reminders"),
                "action_account_dunning_receipt_report",
            ),
            Shortcut(
                "start",
                self.env._("Customers to complete"),
                "action_account_dunning_quality",
                self.env._("What is missing before they are written to"),
            ),
        ]

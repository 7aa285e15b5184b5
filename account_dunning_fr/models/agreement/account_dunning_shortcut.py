from odoo import api, models

from ..common.account_dunning_shortcut import Shortcut
from ..common.marks import tells


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_agreement_shortcuts(self):
        return [
            Shortcut("lists", self.env._("Disputes"), "action_account_dunning_dispute"),
            Shortcut("lists", self.env._("Promises"), "action_account_dunning_promise"),
            Shortcut("lists", self.env._("Payment plans"), "action_account_dunning_payment_plan"),
            Shortcut(
                "lists", self.env._("Requests of customers"), "action_account_dunning_request"
            ),
            Shortcut(
                "lists", self.env._("Insolvency proceedings"), "action_account_dunning_insolvency"
            ),
        ]

from odoo import api, models

from ..common.account_dunning_shortcut import Shortcut
from ..common.marks import tells

USERS = "account_dunning_fr.group_use_losses"


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_loss_shortcuts(self):
        if not self.env.user.has_group(USERS):
            return []
        return [
            Shortcut(
                "lists",
                self.env._("Doubtful customers"),
                "action_account_dunning_impairment",
                self.env._("Closing by closing: what was proposed, booked and undone"),
            ),
            Shortcut(
                "lists",
                self.env._("VAT to get back"),
                "action_account_dunning_vat_relief",
                self.env._("Of unpaid invoices: ground, duplicate, sending, entry"),
            ),
            Shortcut(
                "law",
                self.env._("Sentences of the duplicate"),
                "action_account_dunning_vat_wording",
                self.env._("What the duplicate of an unpaid invoice says, day by day"),
            ),
            Shortcut(
                "law",
                self.env._("Rules of depreciation"),
                "action_account_dunning_impairment_rule",
                self.env._("What is proposed at a closing, and at how many percent"),
            ),
        ]

from odoo import api, models

from ..common.account_dunning_shortcut import MANAGER, Shortcut
from ..common.sources import tells

INSURED = "account_dunning_fr.group_use_insurance"


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_insurance_shortcuts(self):
        if not self.env.user.has_group(INSURED):
            return []
        return [
            Shortcut(
                "lists",
                self.env._("Insured items overdue"),
                "action_account_dunning_insured",
                self.env._("What is to be told to the insurer, and until when"),
            ),
            Shortcut(
                "lists",
                self.env._("Decisions of the insurer"),
                "action_account_dunning_cover",
                self.env._("Limit or refusal by customer; outstanding, covered, uncovered"),
            ),
            Shortcut(
                "start",
                self.env._("Contracts of credit insurance"),
                "action_account_dunning_insurance",
                self.env._("Their delays, as each contract sets them"),
                MANAGER,
            ),
        ]

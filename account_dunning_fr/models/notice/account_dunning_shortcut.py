from odoo import api, models

from ..common.account_dunning_shortcut import MANAGER, Shortcut
from ..common.marks import tells


class AccountDunningShortcut(models.AbstractModel):
    _inherit = "account.dunning.shortcut"

    @api.model
    @tells
    def _get_notice_shortcuts(self):
        return [
            Shortcut(
                "start",
                self.env._("Switching on"),
                "action_golive",
                self.env._("What would leave today, customer by customer"),
                MANAGER,
            ),
            Shortcut(
                "situation",
                self.env._("Agenda of the next 30 days"),
                "action_dunning_agenda",
                self.env._("What will leave, by day, level and amount"),
            ),
            Shortcut("lists", self.env._("Answers"), "action_account_dunning_reply"),
            Shortcut("lists", self.env._("Reminders not sent"), "action_account_dunning_not_sent"),
            Shortcut("lists", self.env._("Formal notices expired"), "action_dunning_to_hand_over"),
        ]

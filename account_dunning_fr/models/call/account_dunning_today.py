from odoo import api, models

from ..common.sources import tells


class AccountDunningToday(models.AbstractModel):
    """Calls to make."""

    _inherit = "account.dunning.today"

    @api.model
    @tells
    def _get_call_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors,
                "calls",
                self.env._("Calls of today"),
                15,
                "action_account_dunning_call",
                [("state", "=", "todo"), ("date", "<=", today)],
                "amount_overdue",
            ),
        ]

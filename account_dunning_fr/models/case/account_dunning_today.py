from odoo import api, models

from ..common.sources import tells
from .account_dunning_chronology import SOON


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    @api.model
    @tells
    def _get_case_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors,
                "case_clock",
                self.env._("Court files with a term in 15 days"),
                5,
                "action_account_dunning_case",
                [("next_clock_on", "<=", f"today +{SOON}d")],
                warning=True,
            ),
            self._count_task(
                creditors,
                "case_preparation",
                self.env._("Court files in preparation"),
                60,
                "action_account_dunning_case",
                [("state", "=", "preparation")],
            ),
        ]

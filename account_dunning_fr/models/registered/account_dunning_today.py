from odoo import api, models

from ..common.sources import tells


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    @api.model
    @tells
    def _get_registered_tasks(self, creditors, today):
        """Tell the registered letters whose number or receipt is missing, or that came back."""
        letters = "action_account_dunning_registered"
        overdue = self.env["account.dunning.registered"]._get_receipt_overdue_domain(today)
        returned = [("state", "=", "wrong_address"), ("activity_ids", "!=", False)]
        return [
            self._count_task(
                creditors,
                "registered_number",
                self.env._("Registered letters without a number"),
                22,
                letters,
                [("waiting_for", "=", "number")],
            ),
            self._count_task(
                creditors,
                "registered_receipt",
                self.env._("Receipts of registered letters that did not come back"),
                24,
                letters,
                overdue,
            ),
            self._count_task(
                creditors,
                "registered_address",
                self.env._("Registered letters returned: wrong address"),
                26,
                letters,
                returned,
                warning=True,
            ),
        ]

from odoo import api, models

from ..common.sources import tells
from .account_dunning_dispute import OPEN


class AccountDunningToday(models.AbstractModel):
    """Disputes to solve, promises not kept."""

    _inherit = "account.dunning.today"

    @api.model
    @tells
    def _get_agreement_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors,
                "disputes_late",
                self.env._("Disputes to solve, past their date"),
                40,
                "action_account_dunning_dispute",
                [("state", "in", OPEN), ("date_due", "<", today)],
                "amount_company",
                warning=True,
            ),
            self._count_task(
                creditors,
                "claims_to_declare",
                self.env._("Claims to declare"),
                5,
                "action_account_dunning_insolvency",
                [("state", "=", "open")],
                warning=True,
            ),
            self._count_task(
                creditors,
                "plans_to_sign",
                self.env._("Payment plans to sign"),
                45,
                "action_account_dunning_payment_plan",
                [("state", "=", "draft")],
            ),
            self._count_task(
                creditors,
                "promises_broken",
                self.env._("Promises not kept, not recalled yet"),
                35,
                "action_account_dunning_promise",
                [("state", "in", ("broken", "partly")), ("mentioned_in_id", "=", False)],
                warning=True,
            ),
        ]

from odoo import api, models
from odoo.tools import format_date

from ..common.account_dunning_customer import CustomerButton, CustomerPart
from ..common.account_dunning_facts import BILLING
from ..common.marks import tells, tells_buttons


class AccountDunningCustomer(models.AbstractModel):
    """The pending call to the customer."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells_buttons
    def _get_call_buttons(self, partner, creditors, today):
        return self._offer(
            BILLING,
            CustomerButton(
                "action_dunning_call",
                self.env._("Call"),
                icon="fa-phone",
                hotkey="l",
                help=self.env._("Call the customer, or record a call he made"),
                sequence=20,
            ),
        )

    @api.model
    @tells
    def _get_call_parts(self, partner, creditors, today):
        calls = self.env["account.dunning.call"].search(
            [*self._get_ours(partner, creditors), ("state", "=", "todo")]
        )
        rows = [
            self._prepare_row(
                self.env._("To call on %s", format_date(self.env, call.date)),
                record=call,
                detail=call.quiet_reason or "",
                value=call.user_id.name or "",
                tone="warning" if call.date < today else "",
            )
            for call in calls
        ]
        return [CustomerPart("call", self.env._("Call"), rows, sequence=12)]

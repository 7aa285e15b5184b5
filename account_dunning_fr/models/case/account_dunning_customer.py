from odoo import api, models
from odoo.tools import format_amount

from ..common.account_dunning_customer import CustomerButton, CustomerPart
from ..common.marks import tells, tells_buttons
from .account_dunning_today import MANAGER


class AccountDunningCustomer(models.AbstractModel):
    """The court files of the customer."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells_buttons
    def _get_case_buttons(self, partner, creditors, today):
        return self._offer(
            MANAGER,
            CustomerButton(
                "action_prepare_dunning_case",
                self.env._("Court file"),
                icon="fa-gavel",
                hotkey="j",
                help=self.env._("Prepare an order to pay"),
                sequence=80,
            ),
        )

    @api.model
    @tells
    def _get_case_parts(self, partner, creditors, today):
        cases = self.env["account.dunning.case"].search(
            [*self._get_ours(partner, creditors), ("state", "!=", "closed")]
        )
        states = dict(cases._fields["state"]._description_selection(self.env))
        rows = [
            self._prepare_row(
                case.display_name,
                record=case,
                detail=format_amount(self.env, case.amount_principal, case.company_id.currency_id),
                value=states[case.state],
            )
            for case in cases
        ]
        return [CustomerPart("cases", self.env._("Court files"), rows, sequence=40)]

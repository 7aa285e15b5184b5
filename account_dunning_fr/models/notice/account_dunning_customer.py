from odoo import api, models
from odoo.tools import format_amount, format_date

from ..common.account_dunning_customer import CustomerButton, CustomerPart
from ..common.account_dunning_facts import BILLING
from ..common.marks import tells, tells_buttons
from .states import LIVE


class AccountDunningCustomer(models.AbstractModel):
    """The notice in preparation, and the button « Chase now »."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells_buttons
    def _get_chase_buttons(self, partner, creditors, today):
        return self._offer(
            BILLING,
            CustomerButton(
                "action_dunning_chase",
                self.env._("Chase"),
                icon="fa-paper-plane",
                hotkey="r",
                help=self.env._("Prepare today's message to this customer"),
                primary=True,
                sequence=10,
            ),
        )

    @api.model
    @tells
    def _get_notice_parts(self, partner, creditors, today):
        notices = self.env["account.dunning.notice"].search(
            [*self._get_ours(partner, creditors), ("state", "in", LIVE)]
        )
        states = dict(notices._fields["state"]._description_selection(self.env))
        rows = [
            self._prepare_row(
                self.env._(
                    "%(level)s: %(state)s", level=notice.level_name, state=states[notice.state]
                ),
                record=notice,
                detail=notice.blocking_reason or notice.channels or "",
                value=format_amount(self.env, notice.amount_total, notice.company_currency_id),
                tone="warning" if notice.blocking_reason else "",
                date=format_date(self.env, notice.date) if notice.date else "",
            )
            for notice in notices
        ]
        return [CustomerPart("notice", self.env._("Message prepared"), rows, sequence=5)]

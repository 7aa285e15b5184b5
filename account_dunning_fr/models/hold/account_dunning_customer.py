from odoo import api, models
from odoo.tools import format_date

from ..common.account_dunning_customer import CustomerButton, CustomerPart
from ..common.account_dunning_facts import BILLING
from ..common.marks import tells, tells_buttons

HOLD = "account.dunning.hold"


class AccountDunningCustomer(models.AbstractModel):
    """Why the customer is not chased, and until when."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells_buttons
    def _get_hold_buttons(self, partner, creditors, today):
        return self._offer(
            BILLING,
            CustomerButton(
                "action_dunning_hold",
                self.env._("Suspend"),
                icon="fa-pause",
                hotkey="u",
                help=self.env._("Do not chase this customer until a date"),
                sequence=70,
            ),
        )

    @api.model
    @tells
    def _get_hold_parts(self, partner, creditors, today):
        """Show the holds set by hand; those of a dispute or a promise are shown with it."""
        holds = self.env[HOLD].search(
            [("partner_id", "=", partner.id), ("company_id", "in", creditors.ids)]
        )
        reasons = dict(holds._fields["reason"]._description_selection(self.env))
        rows = [
            self._prepare_row(
                hold.move_id.name or self.env._("All that he owes"),
                record=hold,
                detail=", ".join(filter(None, [reasons[hold.reason], hold.note])),
                value=self.env._("until %s", format_date(self.env, hold.date_until))
                if hold.date_until
                else self.env._("without an end"),
                tone="" if hold.date_until else "warning",
            )
            for hold in holds
            if hold.is_current and not hold._get_owner()
        ]
        return [CustomerPart("holds", self.env._("Holds"), rows, sequence=30)]

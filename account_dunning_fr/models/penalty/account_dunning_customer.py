from odoo import api, models
from odoo.tools import format_amount

from ..common.account_dunning_customer import CustomerPart
from ..common.account_dunning_facts import BOOKED
from ..common.marks import tells


class AccountDunningCustomer(models.AbstractModel):
    """What the customer owes in penalties."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells
    def _get_penalty_parts(self, partner, creditors, today):
        currency = self.env.company.currency_id
        rows = [
            self._prepare_row(
                partner._fields[name]._description_string(self.env),
                value=format_amount(self.env, partner[name], currency),
            )
            for name in (f"dunning_penalty_{each}" for each in ("to_date", *BOOKED))
            if partner[name]
        ]
        link = {"name": "action_view_dunning_penalties", "label": self.env._("See item by item")}
        title = self.env._("Penalties")
        return [CustomerPart("penalties", title, rows, sequence=50, buttons=[link])]

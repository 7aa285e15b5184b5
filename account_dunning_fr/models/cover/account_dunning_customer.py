from odoo import api, models
from odoo.tools import format_amount, format_date

from ..common.account_dunning_customer import CustomerPart
from ..common.marks import tells
from .account_dunning_shortcut import INSURED

TONES = {"late": "danger", "excluded": "warning"}


class AccountDunningCustomer(models.AbstractModel):
    """What the insurer decided about the customer, and what the insurer has to be told."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells
    def _get_insurance_parts(self, partner, creditors, today):
        if not self.env.user.has_group(INSURED):
            return []
        ours = self._get_ours(partner, creditors)
        rows = [
            self._prepare_row(
                self.env._("Refused by the insurer")
                if cover.decision == "refused"
                else self.env._("Insured up to"),
                record=cover,
                detail=cover.insurance_id.name,
                value=""
                if cover.decision == "refused"
                else format_amount(self.env, cover.limit, cover.currency_id),
                tone="warning" if cover.decision == "refused" else "",
            )
            for cover in self.env["account.dunning.cover"].search(ours, limit=1)
        ]
        insured = self.env["account.dunning.insured"]
        steps = dict(insured._fields["step"]._description_selection(self.env))
        rows += [
            self._prepare_row(
                item.move_id.name,
                record=item,
                detail=steps[item.step],
                value=format_date(self.env, item.act_by) if item.act_by else "",
                tone=TONES.get(item.step, ""),
            )
            for item in insured.search([*ours, ("step", "!=", "over")])
        ]
        return [CustomerPart("insurance", self.env._("Credit insurance"), rows, sequence=62)]

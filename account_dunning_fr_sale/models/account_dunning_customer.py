from odoo import api, models
from odoo.addons.account_dunning_fr.models.common.account_dunning_customer import CustomerPart
from odoo.addons.account_dunning_fr.models.common.marks import tells
from odoo.tools import format_amount, format_date


class AccountDunningCustomer(models.AbstractModel):
    """How far his orders are held back, and what was released."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells
    def _get_brake_parts(self, partner, creditors, today):
        """Show the brake of each creditor, and the current releases."""
        brake = self.env["account.dunning.brake"]
        found = brake._find_held({creditor: (creditor, partner.sudo()) for creditor in creditors})
        rows = [
            self._prepare_row(
                brake._get_consequence(held.decision) or self.env._("Warning on his orders"),
                detail=brake._get_sentence(held),
                tone="warning",
            )
            for held in found.values()
        ]
        releases = self.env["account.dunning.release"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "in", creditors.ids),
                ("is_current", "=", True),
            ]
        )
        rows += [
            self._prepare_row(
                release.order_id.name or self.env._("Orders released"),
                record=release,
                detail=release.reason,
                value=self.env._(
                    "%(amount)s left until %(date)s",
                    amount=format_amount(self.env, release.left, release.currency_id),
                    date=format_date(self.env, release.date_until),
                ),
            )
            for release in releases
        ]
        return [CustomerPart("brake", self.env._("Orders"), rows, sequence=25)]

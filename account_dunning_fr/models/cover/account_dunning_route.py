from odoo import api, models

from ..common.sources import tells_offers
from .account_dunning_shortcut import INSURED


class AccountDunningRoute(models.AbstractModel):
    """The insurer, beside the ways to a title."""

    _inherit = "account.dunning.route"

    @api.model
    @tells_offers
    def _offer_insurer(self, case):
        """Offer him where he covers an invoice of the file."""
        if not self.env.user.has_group(INSURED):
            return ()
        covers = (
            self.env["account.dunning.cover"]
            .sudo()
            .search(
                [("company_id", "=", case.company_id.id), ("partner_id", "=", case.partner_id.id)]
            )
        )
        return ("insurer",) if covers._choose_all(case.item_ids.move_line_id) else ()

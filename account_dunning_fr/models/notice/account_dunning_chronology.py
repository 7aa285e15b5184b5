from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.sources import tells


class AccountDunningChronology(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_expiry_events(self, partner, creditor, moves):
        """Tell the formal notices found unpaid after their deadline."""
        domain = [
            ("partner_id", "=", partner.id),
            ("company_id", "=", creditor.id),
            ("expired_on", "!=", False),
        ]
        if moves is not None:
            domain.append(("line_ids.move_id", "in", moves.ids))
        return [
            Event(
                on=notice.expired_on,
                kind="expiry",
                title=self.env._("Formal notice expired"),
                detail=notice.name or "",
                record=notice,
                moves=notice.move_ids,
            )
            for notice in self.env["account.dunning.notice"].search(domain)
        ]

from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.sources import tells


class AccountDunningChronology(models.AbstractModel):
    """Payments that the bank took back, in the life of a debt."""

    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_return_events(self, partner, creditor, moves):
        domain = [*self._get_item_domain(partner, creditor), ("dunning_returned_on", "!=", False)]
        if moves is not None:
            domain.append(("move_id", "in", moves.ids))
        items = self.env["account.move.line"].search(domain)
        labels = dict(items._fields["dunning_return_code"]._description_selection(self.env))
        return [
            Event(
                on=item.dunning_returned_on,
                kind="return",
                title=self.env._("Payment returned by the bank"),
                detail=", ".join(
                    filter(None, [item.move_id.name, labels.get(item.dunning_return_code)])
                ),
                record=item.move_id,
                moves=item.move_id,
            )
            for item in items
        ]

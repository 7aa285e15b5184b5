from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.marks import tells


class AccountDunningChronology(models.AbstractModel):
    """Payments returned by the bank, in the history of a debt."""

    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_return_events(self, partner, creditor, moves):
        domain = [*self._get_item_domain(partner, creditor), ("dunning_returned_on", "!=", False)]
        if moves is not None:
            domain.append(("move_id", "in", moves.ids))
        items = self.env["account.move.line"].search(domain)
        labels = dict(items._fields["dunning_return_code"]._description_selection(self.env))
        title = self.env._("Payment returned by the bank")
        told = self._get_told_returns(partner, creditor, moves)
        days = {(item, each.day) for each in told for item in each.item_ids}
        linked = [
            Event(
                on=item.dunning_returned_on,
                kind="return",
                title=title,
                detail=", ".join(
                    filter(None, [item.move_id.name, labels.get(item.dunning_return_code)])
                ),
                record=item.move_id,
                moves=item.move_id,
            )
            for item in items
            if (item, item.dunning_returned_on) not in days
        ]
        return linked + [
            Event(
                on=each.day,
                kind="return",
                title=title,
                detail=", ".join([*each.item_ids.move_id.mapped("name"), each._get_reason()]),
                amount=each.amount,
                currency=each.currency_id,
                record=each,
                moves=each.item_ids.move_id,
            )
            for each in told
        ]

    @api.model
    @tells
    def _get_unmatched_events(self, partner, creditor, moves):
        domain = [*self._get_item_domain(partner, creditor), ("dunning_unmatched_on", "!=", False)]
        if moves is not None:
            domain.append(("move_id", "in", moves.ids))
        return [
            Event(
                on=item.dunning_unmatched_on,
                kind="unmatched",
                title=self.env._("Receipt taken off an invoice"),
                detail=f"{item.move_id.name}, {item._get_dunning_unmatched_words()}",
                record=item.move_id,
                moves=item.move_id,
            )
            for item in self.env["account.move.line"].search(domain)
        ]

    @api.model
    def _get_told_returns(self, partner, creditor, moves):
        """Return the debits reported as returned by a file of the bank."""
        domain = [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]
        if moves is not None:
            domain.append(("item_ids.move_id", "in", moves.ids))
        return self.env["account.dunning.debit.return"].search(domain)

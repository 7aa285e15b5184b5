from odoo import api, models

from ..common.account_dunning_chronology import Event
from ..common.marks import tells


class AccountDunningChronology(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_hold_events(self, partner, creditor, moves):
        """Return when dunning was suspended, why, and when it was resumed."""
        domain = [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]
        if moves is not None:
            domain += ["|", ("move_id", "=", False), ("move_id", "in", moves.ids)]
        labels = dict(
            self.env["account.dunning.hold"]._fields["reason"]._description_selection(self.env)
        )
        events = []
        for hold in self.env["account.dunning.hold"].search(domain):
            detail = ", ".join(filter(None, [labels[hold.reason], hold.note, hold.move_id.name]))
            acts = [(hold.date_from, self.env._("Dunning suspended"))]
            if hold.released_on:
                acts.append((hold.released_on, self.env._("Dunning resumed")))
            events += [
                Event(
                    on=on, kind="hold", title=title, detail=detail, record=hold, moves=hold.move_id
                )
                for on, title in acts
            ]
        return events

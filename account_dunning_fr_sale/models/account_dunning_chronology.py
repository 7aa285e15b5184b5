from odoo import api, models
from odoo.addons.account_dunning_fr.models.common.account_dunning_chronology import Event
from odoo.addons.account_dunning_fr.models.common.marks import tells


class AccountDunningChronology(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    @tells
    def _get_release_events(self, partner, creditor, moves):
        """Return when orders were released, up to which amount and why; they concern no invoice."""
        if moves is not None:
            return []
        domain = [("partner_id", "=", partner.id), ("company_id", "=", creditor.id)]
        events = []
        for release in self.env["account.dunning.release"].search(domain):
            acts = [(release.date_from, self.env._("Orders released"))]
            if release.ended_on:
                acts.append((release.ended_on, self.env._("Release of orders ended")))
            events += [
                Event(
                    on=on,
                    kind="release",
                    title=title,
                    detail=", ".join(filter(None, [release.order_id.name, release.reason])),
                    amount=release.amount,
                    currency=release.currency_id,
                    record=release,
                )
                for on, title in acts
            ]
        return events

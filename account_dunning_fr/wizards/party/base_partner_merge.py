from odoo import models

from ...models.notice.states import LIVE


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Fold what is being prepared or followed of the merged customers, one of each a customer.

        Two of them would break the rule of one, as of one live message a customer, and the merge
        with it. The next run makes the message anew; what was sent stays as it was.
        """
        notices = (
            self.env["account.dunning.notice"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", (src_partners | dst_partner).ids),
                    ("state", "in", LIVE),
                ]
            )
        )
        notices.line_ids._filter_standing().drop_reason = "merged"
        notices._cancel_unclaimed()
        customers = src_partners | dst_partner
        guarded = self.env.registry["account.dunning.guarded"]
        for model in self.env.values():
            if isinstance(model, guarded) and not model._abstract:
                model.sudo()._fold_dunning_merged(customers, dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

from odoo import models

from ...models.notice.states import LIVE


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Fold the messages being prepared for the merged customers; the next run makes one.

        Two of them on one customer would break the rule of one live message a customer, and the
        merge with it. What was sent stays as it was.
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
        notices.flush_recordset()
        return super()._update_foreign_keys(src_partners, dst_partner)

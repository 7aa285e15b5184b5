from odoo import models
from odoo.exceptions import UserError

from ...models.notice.states import LIVE


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Fold what is being prepared or followed up for the merged customers into one of each.

        Two of them would violate the rule of one per customer (for instance one live notice), and
        make the merge fail. The next run prepares the notice again; what was sent stays as it was.

        :raise UserError: if a person first has to decide which record stays; lists all of these at
            once
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
        models_kept = [
            model.sudo()
            for model in self.env.values()
            if isinstance(model, guarded) and not model._abstract
        ]
        for model in models_kept:
            model._fold_dunning_merged(customers, dst_partner)
        if problems := [
            told for model in models_kept if (told := model._explain_dunning_merged(customers))
        ]:
            raise UserError("\n\n".join(problems))
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

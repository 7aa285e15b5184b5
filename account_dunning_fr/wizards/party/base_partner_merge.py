from odoo import models
from odoo.exceptions import UserError

from ...models.notice.states import LIVE


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Fold what is being prepared or followed of the merged customers, one of each a customer.

        Two of them would break the rule of one, as of one live message a customer, and the merge
        with it. The next run makes the message anew; what was sent stays as it was.

        :raise UserError: a person decides first which one stays, with all that he does
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

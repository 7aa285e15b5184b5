from odoo import models


class AccountDunningNotice(models.Model):
    """What a message says about invoices that it claims on behalf of their factor."""

    _inherit = "account.dunning.notice"

    def _get_payment_mentions(self):
        claimed = self._get_claimed_lines().move_id.sudo().dunning_assignment_id
        factored = claimed.filtered(lambda assignment: assignment.kind == "factor")
        sentences = [assignment._get_sentence() for assignment in factored]
        return super()._get_payment_mentions() + list(dict.fromkeys(filter(None, sentences)))

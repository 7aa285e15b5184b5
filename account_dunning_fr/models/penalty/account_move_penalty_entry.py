from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted.filtered(
            lambda move: not move.reversed_entry_id
        )._settle_dunning_penalty_corrections()
        return posted

from odoo import models

from ...core.debit_returns import CONTESTED, treatment
from ...core.promises import KEPT
from ..common.sources import on, tells_returned
from .account_dunning_dispute import OPEN


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @tells_returned
    def _dispute_dunning_return(self, code):
        """A debit that the customer had taken back, or never authorised, is contested."""
        if treatment(code) != CONTESTED:
            return
        field = self._fields["dunning_return_code"]
        disputes = self.env["account.dunning.dispute"]
        known = disputes.search([("move_id", "in", self.move_id.ids), ("state", "in", OPEN)])
        vals_list = []
        for move in self.move_id - known.move_id:
            env = move._in_dunning_lang().env
            label = dict(field._description_selection(env))[code]
            vals_list.append(
                {
                    "move_id": move.id,
                    "reason": "other",
                    "user_id": move._get_dunning_responsible().id,
                    "note": env._("Direct debit returned: %s", label),
                }
            )
        disputes.create(vals_list)

    @tells_returned
    def _look_at_dunning_agreements_after_return(self, _code):
        self._look_at_dunning_agreements_again()

    @on("unsettled")
    def _look_at_dunning_agreements_again(self):
        """What these items' money had kept, before it left the books, may not have been kept."""
        kept = [("state", "=", KEPT), ("item_ids", "in", self.ids)]
        self.env["account.dunning.promise"].sudo().search(kept)._judge_again()
        self.env["account.dunning.payment.plan"].sudo().search(kept)._ask_about_lost_money()

from odoo import models

from ...core.debit_returns import CONTESTED, treatment
from ...core.promises import KEPT
from ..common.marks import on, tells_returned
from .account_dunning_dispute import OPEN


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @tells_returned
    def _dispute_dunning_return(self, code):
        """Record a dispute for a debit that the customer reversed or had never authorised."""
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
        """Review kept agreements on these items: the money that had kept them left the books."""
        kept = [("state", "=", KEPT), ("item_ids", "in", self.ids)]
        self.env["account.dunning.promise"].sudo().search(kept)._judge_again()
        self.env["account.dunning.payment.plan"].sudo().search(kept)._ask_about_lost_money()

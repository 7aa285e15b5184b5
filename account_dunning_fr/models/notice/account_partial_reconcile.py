from odoo import models

from ..common.marks import About, on
from .states import LIVE


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @on("matched", About("account.dunning.notice.line", "move_line_id", "debit_move_id", LIVE))
    def _judge_dunning_waiting(self):
        lines = self.env["account.dunning.notice.line"].sudo()
        claimed = [("move_line_id", "in", self.debit_move_id.ids), ("state", "in", LIVE)]
        self.env["account.dunning.notice"]._judge_soon(lines.search(claimed).notice_id.partner_id)

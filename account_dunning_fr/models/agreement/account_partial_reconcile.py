from odoo import models

from ..common.due import MONEY_JOURNALS
from ..common.sources import About, on


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @on(
        "matched",
        About(
            "account.dunning.insolvency",
            "partner_id",
            "debit_move_id.partner_id.commercial_partner_id",
        ),
    )
    def _warn_dunning_insolvencies(self):
        self.env["account.dunning.insolvency"].sudo()._warn_of_payments(self)

    @on("matched", About("account.dunning.hold", "move_id", "debit_move_id.move_id"))
    def _end_dunning_collected(self):
        self.debit_move_id.move_id._end_dunning_collected()

    @on("matched", About("account.dunning.dispute", "move_id", "debit_move_id.move_id"))
    def _ask_about_dunning_disputes(self):
        invoices = self.debit_move_id.move_id
        disputes = self.env["account.dunning.dispute"].sudo()
        disputes.search([("move_id", "in", invoices.ids), ("state", "=", "open")])._propose_end()

    @on("matched")
    def _lose_dunning_receipts(self):
        """Money that is reversed, or went back to the customer, keeps nothing that was agreed."""
        lost = self.env["account.move"]
        for partial in self:
            receipt, back = partial.credit_move_id, partial.debit_move_id
            is_reversed = back.move_id.reversed_entry_id == receipt.move_id
            is_paid_back = back.move_type == "entry" and back.journal_id.type in MONEY_JOURNALS
            if receipt.move_type == "entry" and (is_reversed or is_paid_back):
                lost |= receipt.move_id
        if lost:
            receipts = lost._get_dunning_receipts("amount_currency")
            self.env["account.dunning.money.received"]._tell_lost(receipts)

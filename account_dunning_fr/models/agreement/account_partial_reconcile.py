from odoo import models

from ...core.money import ZERO, to_decimal
from ..common.due import MONEY_JOURNALS
from ..common.marks import About, on


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
        """Review agreements kept by money that has been reversed or refunded to the customer."""
        back = self.filtered(lambda partial: partial._is_dunning_money_back())
        if back:
            lost = back.credit_move_id.move_id._get_dunning_receipts(_sum_money_back)
            self.env["account.dunning.money.received"]._tell_lost(lost)

    def _is_dunning_money_back(self):
        """Whether a receipt is reconciled with its own reversal, or with a refund."""
        receipt, back = self.credit_move_id, self.debit_move_id
        return receipt.move_type == "entry" and (
            back.move_id.reversed_entry_id == receipt.move_id
            or (back.move_type == "entry" and back.journal_id.type in MONEY_JOURNALS)
        )


def _sum_money_back(receipt):
    """Return how much of a receipt went back so far, in one or several matches; ``Decimal``."""
    back = receipt.matched_debit_ids.filtered(lambda partial: partial._is_dunning_money_back())
    return sum((to_decimal(partial.credit_amount_currency) for partial in back), ZERO)

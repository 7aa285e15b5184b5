from odoo import models
from odoo.exceptions import UserError

from ..common.marks import on
from ..common.private_context import passed


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @on("matched")
    def _check_dunning_moved(self):
        """:raise UserError: where a transfer to doubtful customers would be taken for a payment

        Matched with its invoice, the transfer would mean that the customer has paid: reminders
        would stop, and the VAT due on payment would fall due.
        """
        if passed(self.env, "losing"):
            return
        for partial in self.sudo():
            sides = partial.debit_move_id | partial.credit_move_id
            moved = sides.filtered("dunning_moved_item_id")
            if moved and moved != sides and moved._filter_dunning_receivable():
                raise UserError(
                    self.env._(
                        "%s moves the claim to doubtful customers, it pays nothing: match the "
                        "invoice with the customer's payment. To take the claim back, undo its "
                        "line under « Doubtful customers ».",
                        moved[:1].move_id.display_name,
                    )
                )

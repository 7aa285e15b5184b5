from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # What was settled after a day, or during the last months.
    _dunning_max_date_idx = models.Index("(max_date)")

    def unlink(self):
        """A settled item that becomes unpaid again starts anew, from its old due date."""
        settled = self.debit_move_id.filtered("reconciled")
        result = super().unlink()
        settled.exists()._open_dunning_cycle()
        return result

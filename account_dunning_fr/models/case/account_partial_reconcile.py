from odoo import models

from ..common.marks import About, on


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @on("matched", About("account.dunning.case.item", "move_line_id", "debit_move_id"))
    def _tell_dunning_cases(self):
        items = self.env["account.dunning.case.item"].sudo()
        items._tell_receipts(self._get_dunning_case_receipts(), gone=False)

    def unlink(self):
        receipts = self._get_dunning_case_receipts()
        result = super().unlink()
        self.env["account.dunning.case.item"].sudo()._tell_receipts(receipts, gone=True)
        return result

    def _get_dunning_case_receipts(self):
        """Return what is reconciled with items of court files that were generated or have left.

        :return: ``{account.dunning.case.item: [(name of a receipt, amount)]}``
        """
        items = self.env["account.dunning.case.item"].sudo()
        left = items.search(
            [
                ("move_line_id", "in", self.debit_move_id.ids),
                ("is_live", "=", True),
                "|",
                ("case_id.state", "!=", "preparation"),
                ("case_id.dossier_id", "!=", False),
            ]
        )
        return {
            item: [
                (partial.credit_move_id.move_id.name, partial.debit_amount_currency)
                for partial in self.sudo()
                if partial.debit_move_id == item.move_line_id
                # Exchange differences are no payments.
                and not partial.credit_move_id.move_id.exchange_diff_partial_ids
            ]
            for item in left
        }

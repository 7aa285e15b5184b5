from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # What was settled after a day, or during the last months.
    _dunning_max_date_idx = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        """A receipt that comes to another invoice of the same customer was moved, not undone."""
        partials = super().create(vals_list)
        partials._follow_dunning_receipts()
        return partials

    def unlink(self):
        """A settled item that becomes unpaid again starts anew, from its old due date."""
        receipts = {}
        for partial in self:
            if partial.debit_move_id.reconciled:
                receipts[partial.debit_move_id] = partial.credit_move_id.move_id
        result = super().unlink()
        for item, receipt in receipts.items():
            item.exists()._open_dunning_cycle_after(receipt)
        return result

    def _follow_dunning_receipts(self):
        """Take back the new cycles of what a receipt had settled, where it only changed invoices.

        Money that goes back to the customer, or that the bank took back, leaves them open.
        """
        receipts = self.credit_move_id.move_id
        items = self.env["account.move.line"].sudo()
        unsettled = items.search([("dunning_unsettled_by_id", "in", receipts.ids)])
        for item in unsettled:
            debits = self.filtered(
                lambda partial, item=item: (
                    partial.credit_move_id.move_id == item.dunning_unsettled_by_id
                )
            ).debit_move_id.sudo()
            mine = debits.filtered(
                lambda debit, item=item: (
                    debit.partner_id.commercial_partner_id == item.partner_id.commercial_partner_id
                    and debit.move_id.is_sale_document(include_receipts=True)
                )
            )
            if mine:
                item._take_back_dunning_cycle(mine.move_id)

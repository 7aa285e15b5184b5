from odoo import models

from ..common.marks import About, follow, on


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # For what was settled after a day, or in the last months.
    _dunning_max_date_idx = models.Index("(max_date)")

    def unlink(self):
        """Restart the dunning cycle of settled items that are unpaid again, once the money is gone.

        While the receipt is still in the books, unreconciled, it may come back to the item or go to
        another invoice of the customer: the item waits, and a person is asked.
        """
        receipts, matched = {}, self._get_dunning_matched()
        for partial in self:
            # Without any notice so far, nothing restarts, and nobody is asked.
            if partial.debit_move_id.reconciled and partial.debit_move_id.sudo().dunning_level_id:
                receipts[partial.debit_move_id] = partial.credit_move_id.move_id
        result = super().unlink()
        followed = [*receipts.items(), *matched]
        # Odoo deletes draft exchange difference entries together with their origin.
        items = self.env["account.move.line"].union(*(item for item, _receipt in followed)).exists()
        kept = self.env["account.move"].union(*(receipt for _item, receipt in followed)).exists()
        for item, receipt in receipts.items():
            if (receipt & kept).state == "posted":
                (item & items)._wait_for_dunning_receipt(receipt)
            else:
                (item & items)._open_dunning_cycle_after(receipt)
        for item, receipt in matched:
            (item & items)._note_dunning_unmatched(receipt & kept)
        lost = (item for item, receipt in matched if (receipt & kept).state != "posted")
        if unsettled := items & items.union(*lost):
            follow(unsettled, "unsettled")
        return result

    def _get_dunning_matched(self):
        """Return the customers' invoice items, each with the receipt reconciled with it."""
        return [
            (partial.debit_move_id, partial.credit_move_id.move_id)
            for partial in self
            if partial.debit_move_id._filter_dunning_receivable()
            and partial.debit_move_id.move_id.is_sale_document(include_receipts=True)
            and not partial.credit_move_id.move_id.is_sale_document(include_receipts=True)
            and partial.credit_move_id.journal_id != partial.company_id.currency_exchange_journal_id
        ]

    @on("matched")
    def _forget_dunning_receipts(self):
        """Forget that a receipt was taken off an item, now that it has come back."""
        for item, receipt in self._get_dunning_matched():
            item._forget_dunning_unmatched(receipt)

    @on(
        "matched",
        About("account.move.line", "dunning_unsettled_by_id", "credit_move_id.move_id"),
        About("account.move.line", "dunning_taken_off_id", "credit_move_id.move_id"),
    )
    def _follow_dunning_receipts(self):
        """Update the items that a receipt had settled, according to where its money went.

        To an invoice of the same customer: the money only moved, what it had settled is chased from
        the level where it was, and a person is asked. Money that was refunded to the customer, or
        taken back by the bank, restarts the cycle.
        """
        receipts = self.credit_move_id.move_id
        items = self.env["account.move.line"].sudo()
        for item in items.search([("dunning_unsettled_by_id", "in", receipts.ids)]):
            if mine := self._get_dunning_debits(item.dunning_unsettled_by_id, item)[0]:
                item._take_back_dunning_cycle(mine.move_id)
        for item in items.search([("dunning_taken_off_id", "in", receipts.ids)]):
            receipt = item.dunning_taken_off_id
            mine, others = self._get_dunning_debits(receipt, item)
            if mine:
                item._keep_dunning_cycle(mine.move_id)
            elif others:
                items._open_dunning_cycles_of(receipt)

    def _get_dunning_debits(self, receipt, item):
        """Return the items that a receipt pays now: invoices of this item's debtor, and others.

        :param receipt: ``account.move``
        :param item: ``account.move.line`` that the receipt had settled
        """
        debits = self.filtered(lambda partial: partial.credit_move_id.move_id == receipt)
        debits = debits.debit_move_id.sudo()
        debtor = item.partner_id.commercial_partner_id
        mine = debits.filtered(
            lambda debit: (
                debit.partner_id.commercial_partner_id == debtor
                and debit.move_id.is_sale_document(include_receipts=True)
            )
        )
        return mine, debits - mine

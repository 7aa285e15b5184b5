from odoo import models

from ..common.sources import About, follow, on


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # What was settled after a day, or during the last months.
    _dunning_max_date_idx = models.Index("(max_date)")

    def unlink(self):
        """A settled item that becomes unpaid again starts anew, once its money is gone for good.

        While the receipt stands in the books, set against nothing, it may come back to the item or
        go to another invoice of the customer: the item waits, and a person is asked.
        """
        receipts, matched = {}, self._get_dunning_matched()
        for partial in self:
            # What no message reached starts nothing anew, and asks nobody.
            if partial.debit_move_id.reconciled and partial.debit_move_id.sudo().dunning_level_id:
                receipts[partial.debit_move_id] = partial.credit_move_id.move_id
        result = super().unlink()
        followed = [*receipts.items(), *matched]
        # Odoo deletes drafts of exchange differences with what they were for.
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
        """Return the invoices' items of customers, each with the receipt that is set against it."""
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
        """A receipt that comes back to its item was not taken off it for good."""
        for item, receipt in self._get_dunning_matched():
            item._forget_dunning_unmatched(receipt)

    @on(
        "matched",
        About("account.move.line", "dunning_unsettled_by_id", "credit_move_id.move_id"),
        About("account.move.line", "dunning_taken_off_id", "credit_move_id.move_id"),
    )
    def _follow_dunning_receipts(self):
        """Tell the items that a receipt had settled where its money went.

        To an invoice of the same customer, it only moved: what it had settled is chased from where
        it was, and a person is asked. Money that goes back to the customer, or that the bank took
        back, lets it start anew.
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
        """Return the items that a receipt now pays: the invoices of this item's debtor, the rest.

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

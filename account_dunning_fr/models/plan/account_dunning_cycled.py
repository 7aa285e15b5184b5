from odoo import api, models
from odoo.tools import format_date

from ..common.creditors_day import creditors_day
from ..common.marks import follow

QUESTION = "account_dunning_fr.mail_activity_type_receipt_moved"


class AccountDunningCycled(models.AbstractModel):
    """An item that was settled and is unpaid again: chased anew, or from its former level.

    Its receipt left the books, pays another invoice, or was taken off by a person who has to say
    why. A mixin of items; its columns are on ``account.move.line``.
    """

    _name = "account.dunning.cycled"
    _description = "Cycles of an Item"

    def _open_dunning_cycle(self):
        """Start one more cycle for the items that were chased and are unpaid again."""
        chased = self.sudo().filtered(lambda item: item.dunning_level_id and not item.reconciled)
        for cycle, items in chased.grouped("dunning_cycle").items():
            items.write({"dunning_cycle": cycle + 1, "dunning_start_level_id": False})

    def _note_dunning_unmatched(self, receipt):
        """Store that a person took a receipt off these items, while it is still in the books.

        What an entry had settled that is reset, cancelled or deleted is shown on that entry.

        :param receipt: ``account.move``, none if it was deleted
        """
        if receipt.state == "posted":
            today = creditors_day(self)
            self.sudo().write(
                {
                    "dunning_unmatched_id": receipt.id,
                    "dunning_unmatched_on": today,
                    "dunning_unmatched_by": self.env.uid,
                    "dunning_unmatched_reason": False,
                }
            )

    def _get_dunning_unmatched_words(self):
        """Return which receipt was taken off this item, when, by whom and why, in a few words."""
        self.ensure_one()
        item = self.sudo()
        return self.env._(
            "%(receipt)s, on %(day)s by %(person)s: %(reason)s",
            receipt=item.dunning_unmatched_id.name or self.env._("a receipt"),
            day=format_date(self.env, item.dunning_unmatched_on),
            person=item.dunning_unmatched_by.name or "",
            reason=item.dunning_unmatched_reason or self.env._("unmatched by hand"),
        )

    def _forget_dunning_unmatched(self, receipt=None):
        """Forget that a receipt was taken off: it pays these items again, or the bank has it.

        :param receipt: ``account.move``; any by default
        """
        known = self.sudo().filtered("dunning_unmatched_on")
        if receipt is not None:
            known = known.filtered(lambda item: item.dunning_unmatched_id == receipt)
        names = ("id", "on", "by", "reason")
        known.write(dict.fromkeys((f"dunning_unmatched_{name}" for name in names), False))

    def _wait_for_dunning_receipt(self, receipt):
        """Ask where the receipt of these items goes; they are chased from their present level.

        Money that is merely taken off an invoice was not returned: the item starts anew when that
        money leaves (``_open_dunning_cycles_of``), or when a person says so.

        :param receipt: ``account.move``, still in the books
        """
        for item in self.sudo():
            if item.dunning_level_id and not item.reconciled:
                item.dunning_taken_off_id = receipt
                item.move_id._ask_about_dunning_cycle(receipt)

    @api.model
    def _open_dunning_cycles_of(self, receipts):
        """Start anew what these receipts had settled: they left the books, or were refunded.

        :param receipts: ``account.move`` records
        """
        items = self.sudo()
        waiting = items.search([("dunning_taken_off_id", "in", receipts.ids)])
        unsettled = waiting | items.search([("dunning_unmatched_id", "in", receipts.ids)])
        for item in waiting:
            receipt = item.dunning_taken_off_id
            item.dunning_taken_off_id = False
            item.move_id.activity_unlink([QUESTION])
            item._open_dunning_cycle_after(receipt)
        if unsettled:
            follow(unsettled, "unsettled")

    def _open_dunning_cycle_after(self, receipt):
        """Start one more cycle if the item was chased, and store after which receipt.

        :param receipt: ``account.move`` that had settled it
        """
        start = {item: (item.dunning_cycle, item.dunning_start_level_id) for item in self.sudo()}
        self._open_dunning_cycle()
        for item, (cycle, level) in start.items():
            if item.dunning_cycle > cycle and receipt.exists():
                item.write(
                    {"dunning_unsettled_by_id": receipt.id, "dunning_unsettled_level_id": level.id}
                )

    def _keep_dunning_cycle(self, moves):
        """Keep the cycle: the receipt that had settled this item pays its invoice again, or others.

        :param moves: the invoices that the receipt pays now
        """
        self.ensure_one()
        receipt = self.dunning_taken_off_id
        self.dunning_taken_off_id = False
        if self.reconciled:
            self.move_id.activity_unlink([QUESTION])
        else:
            self.move_id._ask_about_dunning_cycle(receipt, moves - self.move_id)

    def _take_back_dunning_cycle(self, moves):
        """Resume the former cycle: the receipt was moved, but nothing was undone.

        A person is asked whether it should start anew all the same, while it is unpaid.

        :param moves: the invoices that the receipt pays now
        """
        self.ensure_one()
        receipt, level = self.dunning_unsettled_by_id, self.dunning_unsettled_level_id
        vals = {
            "dunning_cycle": self.dunning_cycle - 1,
            "dunning_unsettled_by_id": False,
            "dunning_unsettled_level_id": False,
        }
        if level:
            vals["dunning_start_level_id"] = level.id
            vals["dunning_start_reason"] = self.env._("Start level before its receipt was moved")
        self.write(vals)
        if not self.reconciled:
            self.move_id._ask_about_dunning_cycle(receipt, moves - self.move_id)

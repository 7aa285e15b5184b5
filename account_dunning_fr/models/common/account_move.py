from odoo import api, models

from .marks import follow


class AccountMove(models.Model):
    """The mixins of this room on Odoo's entries, and what follows when an entry changes state.

    The mixins concern only fields of the addon. A room follows entries that are posted, reset to
    draft, cancelled, reversed or deleted by a method decorated with ``@on``; those of lower rooms
    run first.
    """

    _name = "account.move"
    _inherit = ["account.move", "account.dunning.plausible.ours", "account.dunning.guarded.odoo"]

    def _post(self, soft=True):
        before = self._get_dunning_before()
        posted = super()._post(soft)
        posted._follow_dunning("posted", before)
        return posted

    def button_draft(self):
        before = self._get_dunning_before()
        result = super().button_draft()
        self._follow_dunning("reset", before)
        return result

    def button_cancel(self):
        before = self._get_dunning_before()
        result = super().button_cancel()
        self._follow_dunning("cancelled", before)
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        before = self._get_dunning_before()
        self._follow_dunning("reversing", before)
        reverses = super()._reverse_moves(default_values_list, cancel=cancel)
        self._follow_dunning("reversed", before)
        return reverses

    @api.ondelete(at_uninstall=False)
    def _follow_dunning_deletion(self):
        self._follow_dunning("deleting", self._get_dunning_before())

    def _get_dunning_before(self):
        """Return the state of each entry, and whether it was ever posted."""
        return {move: (move.state, move.posted_before) for move in self}

    def _follow_dunning(self, event, before):
        if self:  # Odoo resets an empty recordset to draft at each write of an item
            follow(self, event, before, asked=self.filtered(lambda m: m._is_dunning_known(before)))

    def _is_dunning_known(self, before):
        """Whether records of ours may refer to this entry: it was once posted, or we prepared it.

        What we prepare are entries without a payment, a bank statement or cash basis taxes.
        """
        _state, posted_before = before.get(self, ("", True))
        return posted_before or (
            self.move_type == "entry"
            and not self.origin_payment_id
            and not self.statement_line_id
            and not self.tax_cash_basis_rec_id
        )

    def _reattach_dunning(self, model, is_free=None):
        """Reattach our records on items of these entries to the items that Odoo has rewritten.

        A record finds its item by entry and due date: one without another record, among those that
        match.

        :param str model: one of ours, with ``move_id``, ``move_line_id`` and ``date_maturity``
        :param is_free: function of an orphan and an item: whether the item is available; by
            default, if no other record of the model has it
        :return: the records that had no item
        """
        records = self.env[model].sudo()
        orphans = records.search([("move_id", "in", self.ids), ("move_line_id", "=", False)])
        if orphans and not is_free:
            taken = records.search([("move_id", "in", orphans.move_id.ids)])

            def is_free(_orphan, item):
                return item not in taken.move_line_id

        for orphan in orphans:
            items = orphan.move_id.line_ids._filter_dunning_receivable()
            orphan.move_line_id = items.filtered(
                lambda item, orphan=orphan: (
                    item.date_maturity == orphan.date_maturity and is_free(orphan, item)
                )
            )[:1]
        return orphans

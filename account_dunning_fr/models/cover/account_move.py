from odoo import api, models

from ..common.sources import on


class AccountMove(models.Model):
    """What becomes of an indemnity when its entry is posted, reset, cancelled or undone."""

    _inherit = "account.move"

    def _get_dunning_indemnities(self):
        return (
            self.env["account.dunning.insured"]
            .sudo()
            .search([("indemnity_move_id", "in", self.ids)])
        )

    @on("posted")
    def _reattach_dunning_insured(self, before):
        """Odoo writes the items of an invoice again: what the insurer was told of them stays."""
        self._reattach_dunning("account.dunning.insured")

    @on("posted")
    def _book_dunning_indemnities(self, before):
        for entry, items in self._get_dunning_indemnities().grouped("indemnity_move_id").items():
            items._book(entry)

    @on("reset")
    def _reopen_dunning_indemnities(self, before):
        self._get_dunning_indemnities()._unbook(True)

    @on("cancelled")
    def _cancel_dunning_indemnities(self, before):
        self._get_dunning_indemnities()._unbook(False)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """An indemnity whose entry is reversed by hand is prepared again."""
        booked = self._get_dunning_indemnities().filtered(lambda item: item.step == "paid")
        reverses = super()._reverse_moves(default_values_list, cancel=cancel)
        booked._unbook(False)
        return reverses

    @api.ondelete(at_uninstall=False)
    def _unlink_dunning_indemnities(self):
        self._get_dunning_indemnities()._unbook(False)

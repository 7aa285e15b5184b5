from odoo import models

from ..common.marks import About, on

RECORDS = "account.dunning.impairment"
ENTRY = About(RECORDS, "entry_id")


class AccountMove(models.Model):
    """What happens to a closing line when its entry is posted, reset, cancelled or reversed."""

    _inherit = "account.move"

    def _get_dunning_impairments(self):
        return self.env[RECORDS].sudo().search([("entry_id", "in", self.ids)])

    @on("posted", ENTRY)
    def _book_dunning_impairments(self, _before):
        records = self._get_dunning_impairments().filtered(lambda each: each.state == "prepared")
        records.write({"state": "posted", "problem": False})
        records._settle()

    @on("reset", ENTRY)
    def _reopen_dunning_impairments(self, _before):
        records = self._get_dunning_impairments().filtered(lambda each: each.state == "posted")
        for record in records:
            record._unsettle()
        records.state = "prepared"

    @on("cancelled", ENTRY)
    def _cancel_dunning_impairments(self, _before):
        self._undo_dunning_impairments(self.env._("Entry cancelled"))

    def _undo_dunning_impairments(self, reason):
        for record in self._get_dunning_impairments():
            if record.state in ("prepared", "posted"):
                why = record.undo_reason or reason
                record.write({"state": "undone", "undone_by": self.env.uid, "undo_reason": why})

    @on("reversing", ENTRY)
    def _unsettle_dunning_impairments(self, _before):
        """Unmatch what a closing's entry was matched with, so that its reversal can be matched."""
        for record in self._get_dunning_impairments():
            if record.state == "posted":
                record._unsettle()

    @on("reversed", ENTRY)
    def _reverse_dunning_impairments(self, _before):
        """Undo a closing line whose entry is reversed; the next closing starts from the books."""
        booked = self._get_dunning_impairments().filtered(lambda each: each.state == "posted")
        booked.entry_id._undo_dunning_impairments(self.env._("Entry reversed"))

    @on("deleting", ENTRY)
    def _unlink_dunning_impairments(self, _before):
        """Propose the line again when its prepared entry is deleted."""
        records = self._get_dunning_impairments()
        records.filtered(lambda each: each.state == "prepared").write(
            {"state": "proposed", "entry_id": False}
        )

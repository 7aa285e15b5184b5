from odoo import api, fields, models

from .account_move_line import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """An invoice that was claimed: it may be corrected, and what was sent about it stays."""

    _inherit = "account.move"

    dunning_sent_names = fields.Char(
        string="Claimed in", compute="_compute_dunning_sent_names", groups=ACCOUNTING_GROUPS
    )

    @api.depends("dunning_line_ids.state")
    def _compute_dunning_sent_names(self):
        for move in self:
            sent = move.dunning_line_ids.filtered(
                lambda line: line.state == "sent" and line.claimed
            )
            notices = sent.notice_id.sorted("date")
            move.dunning_sent_names = ", ".join(
                f"{notice.name or notice.id} ({notice.level_name})" for notice in notices
            )

    def _get_dunning_claiming_notices(self):
        """Return the messages that claimed this invoice, the oldest first."""
        lines = self.dunning_line_ids.filtered(lambda line: line.state == "sent" and line.claimed)
        return lines.notice_id.sorted("date")

    def button_draft(self):
        result = super().button_draft()
        self._note_dunning_undone(self.env._("reset to draft"))
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._note_dunning_undone(self.env._("cancelled"))
        return result

    def action_dunning_undo(self):
        """Ask before an invoice that was claimed is reset to draft."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reset to draft an invoice that was claimed"),
            "res_model": "account.dunning.undo.invoice",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def _note_dunning_undone(self, what):
        """Tell on the invoices and on the messages sent about them what was done.

        :param str what: what was done with the invoices, for the user
        """
        for move in self.sudo().filtered("dunning_sent_names"):
            move._message_log(
                body=self.env._(
                    "This invoice was %(what)s although it was claimed in %(names)s. What was "
                    "sent stays as it was: if a sum claimed was wrong, write to the customer.",
                    what=what,
                    names=move.dunning_sent_names,
                )
            )
            notices = move._get_dunning_claiming_notices()
            body = self.env._("The invoice %(name)s was %(what)s.", name=move.name, what=what)
            notices._message_log_batch(bodies=dict.fromkeys(notices.ids, body))

from odoo import api, models
from odoo.exceptions import UserError


class AccountDunningRegistered(models.Model):
    _inherit = "account.dunning.registered"

    @api.depends("given_up_reason")
    def _compute_state(self):
        result = super()._compute_state()
        for letter in self.filtered(lambda letter: letter.given_up_reason):
            letter.state = "cancelled"
        return result

    def action_open_letter(self):
        """Open this letter as it was posted, not the one that was printed after it."""
        self.ensure_one()
        if kept := self.sudo().sent_letter_id:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{kept.id}",
                "target": "new",
            }
        if self.previous_id and not self.sudo().notice_id.printed_on:
            raise UserError(self.env._("This letter is not printed yet."))
        return super().action_open_letter()

    # -- What each letter keeps --------------------------------------------------------------------

    def _prepare_posting_vals(self, on):
        notice = self.notice_id
        return {
            **super()._prepare_posting_vals(on),
            "deadline": notice.deadline,
            "sent_letter_id": notice.letter_id.id,
            "sent_statement_id": notice.statement_id.id,
        }

    def _get_posting_proofs(self):
        """Return what proves the posting; what another letter replaced goes with it."""
        proofs = super()._get_posting_proofs()
        letter = self.sudo()
        if letter.sent_letter_id == letter.notice_id.letter_id:
            return proofs
        return proofs | letter.sent_letter_id | letter.sent_statement_id

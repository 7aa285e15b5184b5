from odoo import fields, models
from odoo.exceptions import UserError

from .account_dunning_registered import RETURNED


class AccountDunningRegistered(models.Model):
    """A letter that came back is posted again: same message, another letter, both proved.

    Each letter keeps what it was when posted: its document, its address and its deadline. The
    message follows the last letter: it is printed again, with its own date and a later deadline.
    """

    _inherit = "account.dunning.registered"

    previous_id = fields.Many2one(
        "account.dunning.registered",
        string="Posted again after",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The letter of the same message that came back.",
    )
    next_ids = fields.One2many(
        "account.dunning.registered", "previous_id", string="Posted again by", readonly=True
    )
    deadline = fields.Date(
        string="Deadline in the letter", readonly=True, copy=False, help="As it was printed."
    )
    sent_letter_id = fields.Many2one(
        "ir.attachment",
        string="Letter as posted",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    sent_statement_id = fields.Many2one(
        "ir.attachment",
        string="Statement as posted",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    given_up_reason = fields.Char(
        string="Not posted", readonly=True, copy=False, help="Why it was not posted again."
    )

    def action_post_again(self):
        """Create another letter of the message for one that came back, and open it."""
        self.ensure_one()
        notice = self.notice_id
        notice._check_prepare()
        self._check_post_again()
        again = self.sudo().create(
            {"notice_id": notice.id, "kind": self.kind, "previous_id": self.id}
        )
        notice.sudo()._reopen_posting(self.sudo())
        return again.with_env(self.env)._get_records_action()

    def _check_post_again(self):
        """:raise UserError: saying why another letter of this message would be useless"""
        name = self.partner_id.display_name
        if self.state not in RETURNED:
            raise UserError(self.env._("Only a letter that came back is posted again."))
        others = (self.sudo().notice_id.registered_ids - self).filtered(
            lambda letter: letter.state not in (*RETURNED, "cancelled")
        )
        if others:
            raise UserError(
                self.env._("Another letter of this message is on its way, or arrived: open it.")
            )
        notice = self.sudo().notice_id
        if self.state == "wrong_address" and self.address == "\n".join(notice._get_envelope()):
            raise UserError(
                self.env._(
                    "The letter to %s would go to the address from which it came back: correct "
                    "the address first.",
                    name,
                )
            )
        if not notice._is_still_due():
            raise UserError(
                self.env._(
                    "What %s owes changed since this letter, or is on hold: it no longer says "
                    "what is due. Send another message.",
                    name,
                )
            )

    def _has_left(self):
        """Return those of these letters that were posted: their history is evidence."""
        return self.filtered("posted_on")

    def _get_with_history(self):
        """Return those whose history is evidence, even if their posting has been undone since."""
        return self._has_left() | self.filtered(lambda letter: letter.notice_id.seal_ids)

    def _keep_as_proofs(self):
        """Keep the letter and its enclosures as proofs: the message gets another letter."""
        documents = self.sent_letter_id | self.sent_statement_id
        self._add_proofs(documents - self.notice_id.proof_ids.attachment_id, "letter")

from odoo import api, fields, models
from odoo.exceptions import UserError

RETURNED = ("refused", "unclaimed", "wrong_address")


class AccountDunningRegistered(models.Model):
    """A letter that came back is posted again: the same message, another letter, both proved.

    Each letter keeps what it was when it was posted: its document, its address, its deadline. The
    message follows the last one: it is printed again, with its own date and a later deadline.
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
        "ir.attachment", string="Letter as posted", readonly=True, copy=False, ondelete="restrict"
    )
    sent_statement_id = fields.Many2one(
        "ir.attachment",
        string="Statement as posted",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    given_up_reason = fields.Char(
        string="Not posted", readonly=True, copy=False, help="Why it was not posted again."
    )

    @api.depends("given_up_reason")
    def _compute_state(self):
        result = super()._compute_state()
        for letter in self.filtered(lambda letter: letter.given_up_reason):
            letter.state = "cancelled"
        return result

    # -- Actions -----------------------------------------------------------------------------------

    def action_post_again(self):
        """Open another letter of the message for one that came back, and show it."""
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
        """:raise UserError: why another letter of this message would be of no use"""
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

    def _has_left(self):
        """Return those of these letters that were posted: their history is evidence."""
        return self.filtered("posted_on")

    def _get_with_history(self):
        """Return those whose history is evidence: their posting may have been undone since."""
        return self._has_left() | self.filtered(lambda letter: letter.notice_id.seal_ids)

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

    def _keep_as_proofs(self):
        """Keep the letter, and what was enclosed, as proofs: the message gets another letter."""
        documents = self.sent_letter_id | self.sent_statement_id
        self._add_proofs(documents - self.notice_id.proof_ids.attachment_id, "letter")


class AccountDunningNotice(models.Model):
    """A message whose letter came back waits for its posting again."""

    _inherit = "account.dunning.notice"

    def _reopen_posting(self, letter):
        """Let the message be printed again; until it is, its deadline counts from today.

        :param letter: ``account.dunning.registered``, the one that came back
        """
        self.ensure_one()
        letter._keep_as_proofs()
        today = fields.Date.context_today(self)
        deadline = self.level_id._get_deadline(today, self.partner_id)
        self.write({"printed_on": False, "deadline": deadline})
        # The new letter gives a new deadline: what to do once the former passed is no question.
        self.expiry_activity_id.action_feedback()
        self.write({"posted_on": False, "expired_on": False, "expiry_activity_id": False})
        self._seal()
        self._message_log(
            body=self.env._(
                "The registered letter %(number)s posted on %(date)s came back: it is posted "
                "again.",
                number=letter.number or "",
                date=fields.Date.to_string(letter.posted_on),
            )
        )

    def _give_up_posting(self, reason):
        """A letter that is not posted again leaves the message as the one before it was posted."""
        again = self.filtered(lambda notice: notice.registered_ids.filtered("posted_on"))
        for notice in again:
            notice._give_up_posting_again(reason)
        return super(AccountDunningNotice, self - again)._give_up_posting(reason)

    def _give_up_posting_again(self, reason):
        letters = self.registered_ids
        letters.filtered(lambda letter: letter.state == "to_post").given_up_reason = reason
        last = letters.filtered("posted_on").sorted("id")[-1]
        statement = last.sent_statement_id
        self.write(
            {
                "printed_on": last.posted_on,
                "deadline": last.deadline,
                "letter_id": last.sent_letter_id.id,
                "letter_sha256": last.sent_letter_id._get_dunning_sum(),
                "statement_id": statement.id,
                "statement_sha256": bool(statement) and statement._get_dunning_sum(),
            }
        )
        self.posted_on = last.posted_on
        self._seal()
        self._message_log(body=self.env._("The letter is not posted again. %s", reason))

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

RECEIPT_DELAY = 21  # days; a letter waits 15 days at the post office, and its receipt travels back
POSTING_LIST = "account_dunning_fr.report_posting_list"


class AccountDunningRegistered(models.Model):
    """Registered letters on their way: printed, posted, and come back."""

    _inherit = "account.dunning.registered"

    # -- Actions -----------------------------------------------------------------------------------

    can_undo_posting = fields.Boolean(related="notice_id.can_undo_posting")

    def action_record_posting(self):
        """Ask on which day this letter was posted, with which number and proof."""
        return self.notice_id.action_record_posting()

    def action_undo_posting(self):
        """Take back the posting of this letter, recorded today by mistake."""
        self.notice_id.action_undo_posting()

    def action_print(self):
        """Print the letters."""
        return self.notice_id.action_print()

    def action_open_letter(self):
        """Open the letter as it was printed."""
        self.ensure_one()
        if not self.sudo().letter_id:
            raise UserError(self.env._("This letter is not printed yet."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().letter_id.id}",
            "target": "new",
        }

    # -- What posting and its outcome bring -------------------------------------------------------

    def _on_posting(self, on):
        """Write down the posting, and to whom and where each letter went.

        :param date on: day of posting
        """
        for letter in self.filtered(lambda x: not x.posted_on and x.state != "cancelled"):
            letter.sudo().write(letter._prepare_posting_vals(on))

    def _prepare_posting_vals(self, on):
        """Return what a letter keeps of its posting.

        :param date on: day of posting
        """
        self.ensure_one()
        return {
            "posted_on": on,
            "recipient_id": self.notice_id.recipient_id.id,
            "address": "\n".join(self.notice_id._get_envelope()),
        }

    def _undo_posting(self):
        """Forget where and to whom these letters went: they did not. Their numbers stay."""
        for letter in self:
            letter.write(dict.fromkeys(letter._prepare_posting_vals(False), False))

    def _get_posting_proofs(self):
        """Return the files that prove the posting (``ir.attachment``)."""
        self.ensure_one()
        return self.deposit_ids

    def _on_wrong_address(self):
        """Hold what follows for each customer whose letter came back, and ask for an address."""
        Hold = self.env["account.dunning.hold"].sudo()
        for letter in self.sudo():
            held = Hold.search(
                [
                    ("partner_id", "=", letter.partner_id.id),
                    ("company_id", "=", letter.company_id.id),
                    ("reason", "=", "address"),
                    ("is_current", "=", True),
                ],
                limit=1,
            )
            if not held:
                Hold.create(
                    {
                        "partner_id": letter.partner_id.id,
                        "company_id": letter.company_id.id,
                        "reason": "address",
                        "note": self.env._(
                            "Registered letter %s came back", letter.number or letter.notice_id.name
                        ),
                        "user_id": self.env.user.id,
                    }
                )
            letter.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=letter.user_id.id or letter.notice_id.sent_by.id or self.env.uid,
                summary=self.env._("Wrong address: find where %s is", letter.partner_id.name),
                note=self.env._(
                    "The letter came back. The customer is not chased until the address is "
                    "corrected on its form, or the hold released."
                ),
            )

    @api.model
    def _get_receipt_overdue_domain(self, today):
        """Return the letters whose receipt should have come back.

        :param date today: the day of the question
        """
        return [
            ("waiting_for", "=", "receipt"),
            ("posted_on", "<", today - timedelta(days=RECEIPT_DELAY)),
        ]

    # -- The day's letters -------------------------------------------------------------------------

    def _is_to_enter(self):
        """Whether the posting or the number of this letter is still to be recorded."""
        self.ensure_one()
        return self.waiting_for in ("posting", "number")

    def _check_postable(self, on):
        """:raise UserError: if no letter can have been posted on this day"""
        if not on:
            raise UserError(self.env._("Fill in the day on which the letters were posted."))
        if on > fields.Date.context_today(self):
            raise UserError(self.env._("The day of posting is in the future: correct it."))

    def _get_posting_pdf(self, recto=False):
        """Return one PDF: the posting list, then the letters in its order.

        The letters that do not bear today's date yet are printed first.

        :param bool recto: start each letter on a new sheet
        :rtype: bytes
        :raise UserError: if none of them is still to be posted
        """
        notices = self.notice_id._print_letters()._sort_for_posting()
        letters = self.filtered(lambda letter: letter.notice_id in notices)
        if not letters:
            raise UserError(
                self.env._("Nothing is to be posted any more: the customers paid meanwhile.")
            )
        letters = letters.sorted(lambda letter: notices.ids.index(letter.notice_id.id))
        report = self.env["ir.actions.report"].sudo()
        listing, _kind = report._render_qweb_pdf(POSTING_LIST, letters.ids)
        contents = [listing]
        for notice in letters.notice_id:
            contents += notice._get_letter_contents() + notice._get_enclosure_contents()
        return notices._merge_pdfs(contents, recto)

    def action_enter_today(self):
        """Open the letters of the day, or those chosen: print them, then enter their numbers."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Registered letters of the day"),
            "res_model": "account.dunning.registered.entry",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

from odoo import api, fields, models

from ..common.creditors_day import creditors_day

SYNC = {"state", "send_registered", "printed_on", "posted_on"}


class AccountDunningNotice(models.Model):
    """The registered letters of a notice: one is created as soon as there is a letter to post."""

    _inherit = "account.dunning.notice"

    registered_ids = fields.One2many(
        "account.dunning.registered", "notice_id", string="Registered letters"
    )
    registered_number = fields.Char(
        compute="_compute_registered_number",
        help="Printed on the letter where it is known beforehand.",
    )

    @api.depends("registered_ids.number", "registered_ids.state")
    def _compute_registered_number(self):
        for notice in self:
            live = notice.registered_ids.filtered(lambda letter: letter.state != "cancelled")
            notice.registered_number = live.sorted("id")[-1:].number  # of the last one created

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        notices._sync_registered()
        return notices

    def write(self, vals):
        result = super().write(vals)
        if SYNC.intersection(vals):
            self._sync_registered()
        if vals.get("posted_on"):
            self.sudo().registered_ids._on_posting(fields.Date.to_date(vals["posted_on"]))
        return result

    def _sync_registered(self):
        """Create the registered letters to be posted, and delete those no longer needed."""
        wanted = self.sudo().filtered(
            lambda n: n.send_registered and (n.state in ("ready", "sent") or n.printed_on)
        )
        wanted = wanted.filtered(
            lambda n: (
                n.state != "cancelled"
                and not n.posted_on
                and not n.not_posted_reason
                and not n.registered_ids
            )
        )
        self.env["account.dunning.registered"].sudo().create(
            [{"notice_id": notice.id} for notice in wanted]
        )
        others = self.sudo().filtered(lambda n: not n.send_registered).registered_ids
        others.filtered(
            lambda letter: not (letter.posted_on or letter.number or letter.proof_ids)
        ).unlink()

    # -- Posting a letter again that came back -----------------------------------------------------

    def _reopen_posting(self, letter):
        """Let the message be printed again; until then, its deadline counts from today.

        :param letter: ``account.dunning.registered``, the one that came back
        """
        self.ensure_one()
        letter._keep_as_proofs()
        today = creditors_day(self)
        deadline = self.level_id._get_deadline(today, self.partner_id)
        self.write({"printed_on": False, "deadline": deadline})
        # The new letter sets a new deadline: the to-do about the previous one is no longer
        # relevant.
        self.expiry_activity_id.action_feedback()
        self.write({"posted_on": False, "expired_on": False, "expiry_activity_id": False})
        self._seal()
        speaking = self._in_dunning_lang()
        speaking._message_log(
            body=speaking.env._(
                "The registered letter %(number)s posted on %(date)s came back: it is posted "
                "again.",
                number=letter.number or "",
                date=fields.Date.to_string(letter.posted_on),
            )
        )

    def _give_up_posting_again(self, reason):
        """Restore the last posting of each message whose letter is not posted again after all."""
        again = self.filtered(lambda notice: notice.registered_ids.filtered("posted_on"))
        for notice in again:
            notice._return_to_last_posting(reason)
        return again

    def _return_to_last_posting(self, reason):
        """Give up posting the letter again: the message refers to the last posted letter again.

        :param str reason: why, kept on the letter given up and in the history
        """
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
        speaking = self._in_dunning_lang()
        speaking._message_log(body=speaking.env._("The letter is not posted again. %s", reason))

    # -- Erasure at the end of the retention period ------------------------------------------------

    def _erase_parts(self, rule):
        """Empty the registered letters together with the message."""
        letters = self.registered_ids
        for letter in letters:
            letter._erase_history()
        letters.write({"address": False, "sent_letter_id": False, "sent_statement_id": False})
        return super()._erase_parts(rule)

    def _get_own_files_to_erase(self):
        letters = self.registered_ids
        named = self.own_attachment_ids | self.proof_ids.attachment_id
        ours = named.filtered(lambda file: file.res_model == letters._name)
        return super()._get_own_files_to_erase() | letters._get_dunning_files() | ours

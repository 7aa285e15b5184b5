from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .private_context import passed

NOTICE = "account.dunning.notice"
# What an e-mail says, to whom and how it leaves; its text in the history is guarded there.
CONTENT = {
    "attachment_ids",
    "auto_delete",
    "body",
    "body_html",
    "email_cc",
    "email_from",
    "email_to",
    "headers",
    "mail_message_id",
    "message_id",
    "model",
    "recipient_ids",
    "references",
    "reply_to",
    "res_id",
    "scheduled_date",
    "subject",
}


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Give each reminder of a batch its own recipient and enclosures.

        A batch of a template shares all that its caller adds.
        """
        own = passed(self.env, "mail_vals", {})
        return super().create([{**vals, **own.get(vals.get("res_id"), {})} for vals in vals_list])

    def write(self, vals):
        kept = self.browse()
        if CONTENT.intersection(vals) or "state" in vals:
            kept = self._get_dunning_evidence()
        if kept and not self.env.su and vals.get("state", "outgoing") != "outgoing":
            raise UserError(
                self.env._(
                    "This e-mail is a message that was sent: only the mail server says what "
                    "became of it. Nobody cancels it, and it can be tried again."
                )
            )
        before = {mail: mail._get_dunning_identity() for mail in kept}
        result = super().write(vals)
        if any(mail._get_dunning_identity() != before[mail] for mail in kept):
            raise UserError(
                self.env._("This e-mail is a message that was sent: it stays as it is.")
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_evidence(self):
        if self._get_dunning_evidence():
            raise UserError(
                self.env._("This e-mail is a message that was sent: it is not deleted.")
            )

    def _get_dunning_evidence(self):
        """Return those of these e-mails that carried, or are to carry, a document that left.

        Copies for colleagues and customers, which Odoo deletes once sent, are not.
        """
        lasting = self.sudo().filtered(lambda mail: not mail.auto_delete)
        told = lasting.mail_message_id._get_dunning_history()
        carried = self.env[NOTICE].sudo().search([("mail_id", "in", self.ids)])
        sent = carried.filtered(lambda notice: notice.state == "sent").mail_id & self.sudo()
        return lasting.filtered(lambda mail: mail.mail_message_id in told) | sent

    def _get_dunning_identity(self):
        """Return what must not change in an e-mail that is evidence."""
        self.ensure_one()
        return {name: self[name] for name in CONTENT}

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Check queued reminders once more: a customer who paid meanwhile is not written to."""
        recalled = self._recall_dunning_notices()
        mails = self - recalled
        if not self.env.su and mails._get_dunning_evidence():
            self.check_access("write")
            mails = mails.sudo()  # what became of it is written by the sending, not by a person
        return super(MailMail, mails).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _send(self, *args, **kwargs):
        """Send the reminders one by one, each by one worker only."""
        reminders = self.filtered(lambda mail: mail.model == NOTICE)
        others = self - reminders
        result = super(MailMail, others)._send(*args, **kwargs) if others else True
        for mail in reminders:
            if mail._take_dunning_for_sending():
                super(MailMail, mail)._send(*args, **kwargs)
        return result

    def _take_dunning_for_sending(self):
        """Lock a mail until the end of the transaction; return whether it is still to be sent.

        Odoo's own lock is that of the scheduled action: it does not stop a person, or another
        process, from sending the same queue.
        """
        self.ensure_one()
        try:
            # Losing the race is no error to log.
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                taken = self.try_lock_for_update()
        except SerializationFailure:  # another worker sent it since this transaction began
            return False
        self.invalidate_recordset(["state"])
        return bool(taken) and self.state not in ("sent", "cancel")

    def _recall_dunning_notices(self):
        """Cancel the mails of the notices that are no longer due as they were written.

        :return: the cancelled ``mail.mail`` records
        """
        recalled = self.browse()
        mails = self.filtered(lambda mail: mail.model == NOTICE)
        if not mails:
            return recalled
        notices = (
            self.env["account.dunning.notice"]
            .sudo()
            .search([("mail_id", "in", mails.ids), ("state", "=", "sent")])
        )
        queued = notices.filtered(lambda notice: notice.mail_id.state == "outgoing")
        for notice in queued - queued._filter_still_due():
            recalled |= notice.mail_id
            notice._recall()
        recalled.sudo().cancel()
        return recalled

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.tools import mute_logger

from .private_context import passed

NOTICE = "account.dunning.notice"


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Give each reminder of a batch its own recipient and enclosures.

        A batch of a template shares all that its caller adds.
        """
        own = passed(self.env, "mail_vals", {})
        return super().create([{**vals, **own.get(vals.get("res_id"), {})} for vals in vals_list])

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Check queued reminders once more: a customer who paid meanwhile is not written to."""
        recalled = self._recall_dunning_notices()
        return super(MailMail, self - recalled).send(
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
        recalled.cancel()
        return recalled

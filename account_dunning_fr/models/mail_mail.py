from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Check queued reminders once more: a customer who paid meanwhile is not written to."""
        recalled = self._recall_dunning_notices()
        return super(MailMail, self - recalled).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _recall_dunning_notices(self):
        """Cancel the mails of the notices that are no longer due as they were written.

        :return: the cancelled ``mail.mail`` records
        """
        recalled = self.browse()
        mails = self.filtered(lambda mail: mail.model == "account.dunning.notice")
        if not mails:
            return recalled
        notices = (
            self.env["account.dunning.notice"]
            .sudo()
            .search([("mail_id", "in", mails.ids), ("state", "=", "sent")])
        )
        for notice in notices:
            if notice.mail_id.state == "outgoing" and not notice._is_still_due():
                recalled |= notice.mail_id
                notice._recall()
        recalled.cancel()
        return recalled

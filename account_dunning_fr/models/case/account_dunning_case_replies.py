from odoo import api, models
from odoo.tools import format_date, html2plaintext

from ..common.message_origin import AUTOMATIC, DEBTOR, OURS
from .account_dunning_case_gathering import Found

# How the key of a reply begins, as a piece.
REPLY = "mail.message"


class AccountDunningCase(models.Model):
    """What was answered: of the debtor, it often admits the debt; never said to contest it."""

    _inherit = "account.dunning.case"

    @api.model
    def _get_piece_sources(self):
        return [*super()._get_piece_sources(), "_find_replies"]

    def _get_replies(self):
        """Return the e-mails received on the messages of this file, the oldest first."""
        notices = self._get_notices()
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", notices._name),
                    ("res_id", "in", notices.ids),
                    ("message_type", "=", "email"),
                    ("subtype_id.internal", "=", False),
                    ("date", "<", self._get_next_day()),
                ],
                order="date, id",
            )
        )

    def _find_replies(self):
        """Every message received, printed as it was, and told as that of who wrote it.

        What a program sent is no answer.
        """
        notices = {notice.id: notice for notice in self._get_notices()}
        found = []
        for message in self._get_replies():
            origin = message._get_dunning_origin(notices[message.res_id].sudo())
            if origin != AUTOMATIC:
                found.append(
                    Found(
                        f"{REPLY}:{message.id}",
                        "exchange",
                        self._get_reply_name(message, origin),
                        message.date.date(),
                        self._get_made_attachment(f"reply-{message.id}", message),
                    )
                )
        return found

    @api.model
    def _get_reply_name(self, message, origin):
        """Return the name of a message as a piece, by who wrote it."""
        facts = {
            "date": format_date(self.env, message.date.date()),
            "subject": message.subject or message.preview,
        }
        if origin == DEBTOR:
            return self.env._("E-mail of the debtor of %(date)s: %(subject)s", **facts)
        if origin == OURS:
            return self.env._("Our e-mail of %(date)s: %(subject)s", **facts)
        return self.env._(
            "E-mail of %(date)s, received from %(sender)s: %(subject)s",
            sender=message.email_from or message.author_id.display_name,
            **facts,
        )

    @api.model
    def _get_reply_lines(self, message):
        """Return the text of an answer: no picture or page is fetched to print it."""
        return html2plaintext(message.body or "").splitlines()

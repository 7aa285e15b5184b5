from odoo import api, models
from odoo.tools import format_date, html2plaintext

from .account_dunning_case_gathering import Found

# How the key of a reply begins, as a piece.
REPLY = "mail.message"


class AccountDunningCase(models.Model):
    """What the debtor answered: it often admits the debt, and never says that it contests it."""

    _inherit = "account.dunning.case"

    @api.model
    def _get_piece_sources(self):
        return [*super()._get_piece_sources(), "_find_replies"]

    def _get_replies(self):
        """Return the e-mails received in answer to the messages of this file, the oldest first."""
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
        """Every answer of the debtor, printed as it was received."""
        return [
            Found(
                f"{REPLY}:{message.id}",
                "exchange",
                self.env._(
                    "E-mail of the debtor of %(date)s: %(subject)s",
                    date=format_date(self.env, message.date.date()),
                    subject=message.subject or message.preview,
                ),
                message.date.date(),
                self._get_made_attachment(f"reply-{message.id}", message),
            )
            for message in self._get_replies()
        ]

    @api.model
    def _get_reply_lines(self, message):
        """Return the text of an answer: no picture or page is fetched to print it."""
        return html2plaintext(message.body or "").splitlines()

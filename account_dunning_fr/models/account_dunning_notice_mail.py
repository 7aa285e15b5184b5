from markupsafe import escape

from odoo import fields, models

from .account_dunning_message_origin import DEBTOR, OTHER


class AccountDunningNotice(models.Model):
    """What comes back by e-mail: an answer of the customer, or the message itself."""

    _inherit = "account.dunning.notice"

    bounced_on = fields.Date(
        string="E-mail returned on", readonly=True, copy=False, help="The address is unknown."
    )

    def message_update(self, msg_dict, update_vals=None):
        """Tell the person in charge who answered; one to-do at a time.

        What a program sent, or a colleague, is no answer.
        """
        result = super().message_update(msg_dict, update_vals)
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or [])
        sender, subject = msg_dict.get("email_from"), msg_dict.get("subject")
        for notice in self.sudo():
            env = notice._in_company_lang().env
            origin = notice._get_message_origin(
                author, sender, subject, msg_dict.get("dunning_automatic")
            )
            summary = {
                DEBTOR: env._("The customer answered the reminder"),
                OTHER: env._("Received on the reminder, from %s", sender),
            }.get(origin)
            if summary and summary not in notice.activity_ids.mapped("summary"):
                notice.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=notice._get_follower_user().id,
                    summary=summary,
                    note=escape(subject or ""),
                )
        return result

    def _message_receive_bounce(self, email, partner):
        """Note that the message did not arrive, and ask for another address."""
        result = super()._message_receive_bounce(email, partner)
        for notice in self.sudo().filtered(lambda n: n.state == "sent" and not n.bounced_on):
            notice.bounced_on = fields.Date.context_today(notice)
            env = notice._in_company_lang().env
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=notice._get_follower_user().id,
                summary=env._("E-mail returned: find another address"),
                note=escape(
                    env._(
                        "%s does not receive e-mails. Correct the address on the contact, or "
                        "choose another contact: until then no reminder leaves for it.",
                        email,
                    )
                ),
            )
        return result

    def _in_company_lang(self):
        """Return the notice in the language of its creditor's users."""
        return self.with_context(lang=self.company_id.partner_id._get_dunning_lang())

    def _get_follower_user(self):
        """Return who is told of what comes back: in charge, sender, or the company's contact."""
        self.ensure_one()
        sender = self.sent_by if self.sent_by.active and not self.sent_by.share else None
        return self.user_id or self.company_id.dunning_user_id or sender or self.env.user

    def _get_email_problem(self):
        """Refuse an address from which a message came back, until it is corrected."""
        problem = super()._get_email_problem()
        recipient = self.recipient_id.sudo()
        if not problem and recipient.message_bounce:
            problem = self.env._(
                "An e-mail to %(name)s came back: %(email)s is unknown. Correct the address, "
                "choose another recipient, or send a letter.",
                name=recipient.display_name,
                email=recipient.email,
            )
        return problem

from odoo import api, fields, models
from odoo.tools import email_normalize, email_normalize_all

from ...core.replies import is_automatic
from ..common.message_origin import AUTOMATIC, DEBTOR, OTHER, OURS


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Keep whether a program wrote the message: its headers are not kept."""
        parsed = super().message_parse(message, save_original=save_original)
        sender = email_normalize(parsed.get("email_from")) or ""
        if is_automatic(dict(message.items()), parsed.get("subject"), sender):
            parsed["dunning_automatic"] = True
        return parsed

    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {"dunning_automatic"}


class MailMessage(models.Model):
    """Who the debtor is, among those who write back."""

    _inherit = "mail.message"

    dunning_automatic = fields.Boolean(
        string="Automatic answer",
        readonly=True,
        help="Written by a program: an absence, a receipt, a returned e-mail.",
    )

    def _get_dunning_origin(self, notice):
        """Return who wrote this message on a reminder, as the reminder knows it.

        :param notice: ``account.dunning.notice``
        """
        self.ensure_one()
        return notice._get_message_origin(
            self.author_id, self.email_from, self.subject, self.dunning_automatic
        )


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    def _get_message_origin(self, author, email_from, subject, automatic=False):
        """Return who wrote a message that came back on this reminder.

        The debtor's are the messages of his own contacts, and those of the exact address written
        to. What a program sent is nobody's answer; a colleague's message is ours. Anybody else may
        write to the address of a reminder: what he says is told as his.

        :param author: ``res.partner`` that Odoo recognised, or empty
        :param str email_from: the sender, with or without a name
        :param bool automatic: whether its headers said that a program wrote it
        :return: ``debtor``, ``ours``, ``automatic`` or ``other``
        """
        self.ensure_one()
        address = email_normalize(email_from) or ""
        if automatic or is_automatic({}, subject, address):
            return AUTOMATIC
        if author._is_dunning_colleague(address):
            return OURS
        customer = self.partner_id.commercial_partner_id
        known = author.commercial_partner_id == customer and (
            not address or address == author.email_normalized
        )
        if known or address in email_normalize_all(self.sent_to or ""):
            return DEBTOR
        return DEBTOR if address and customer._has_dunning_address(address) else OTHER


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _is_dunning_colleague(self, address):
        """Whether an employee wrote a message: this contact, or who has the address.

        :param str address: normalized, or an empty string
        """
        users = self.env["res.users"].sudo().with_context(active_test=False)
        found = users.search(
            ["|", ("partner_id", "in", self.ids), ("partner_id.email_normalized", "=", address)]
            if address
            else [("partner_id", "in", self.ids)]
        )
        return any(not user.share for user in found)

    def _has_dunning_address(self, address):
        """Whether this customer, or one of its contacts, has an e-mail address.

        :param str address: normalized
        """
        self.ensure_one()
        contacts = self.sudo().with_context(active_test=False)
        found = contacts.search([("email", "=ilike", f"%{address}%"), ("id", "child_of", self.ids)])
        return any(address in email_normalize_all(contact.email) for contact in found)

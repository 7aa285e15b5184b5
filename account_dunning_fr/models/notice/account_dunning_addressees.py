from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, email_normalize_all

from .account_dunning_delivery import ADDRESS_SEPARATOR, split_addresses
from .states import LIVE, OPEN

SENDERS = "account_dunning_fr.group_dunning_user"


class AccountDunningAddressees(models.AbstractModel):
    """Who gets a notice besides its recipient: other contacts of the customer, and colleagues.

    The level names them by role, and the customer's contacts by kind of notice; a person may change
    both on the notice until it is sent, when they are stored with it. A colleague gets a copy,
    which does not prove that the customer was written to.
    """

    _name = "account.dunning.addressees"
    _inherit = ["account.dunning.guarded"]
    _description = "Addressees of a Reminder"

    addressees_chosen = fields.Boolean(writer="code", copy=False)
    chosen_other_ids = fields.Many2many(
        "res.partner",
        "account_dunning_notice_chosen_other_rel",
        "notice_id",
        "partner_id",
        writer="code",
        copy=False,
    )
    chosen_copy_ids = fields.Many2many(
        "res.users",
        "account_dunning_notice_chosen_copy_rel",
        "notice_id",
        "user_id",
        writer="code",
        copy=False,
    )
    other_recipient_ids = fields.Many2many(
        "res.partner",
        string="Also to",
        compute="_compute_addressees",
        inverse="_inverse_addressees",
        domain="[('commercial_partner_id', '=', partner_id)]",
        writer=OPEN,
        help="Other contacts of the customer who receive the e-mail too.",
    )
    copy_user_ids = fields.Many2many(
        "res.users",
        string="In copy",
        compute="_compute_addressees",
        inverse="_inverse_addressees",
        domain="[('share', '=', False)]",
        writer=OPEN,
        help="Colleagues who receive the e-mail too; the customer does not see them.",
    )
    sent_others = fields.Char(string="Also sent to", readonly=True, copy=False)
    sent_copies = fields.Char(string="In copy at the sending", readonly=True, copy=False)
    email_missing = fields.Boolean(compute="_compute_email_missing")
    typed_email = fields.Char(
        string="His e-mail is missing",
        compute="_compute_typed_email",
        inverse="_inverse_typed_email",
        writer=OPEN,
        help="Type it here: it is kept on the contact.",
    )

    @api.depends(
        "addressees_chosen",
        "chosen_other_ids",
        "chosen_copy_ids",
        "recipient_id",
        "level_id.to_director",
        "level_id.copy_salesperson",
        "partner_id.user_id",
    )
    def _compute_addressees(self):
        live = self.filtered(lambda n: n.state in LIVE and not n.addressees_chosen)
        contacts = live.partner_id._get_dunning_role_contacts()
        others, copies = {}, {}
        for notice in self:
            read, copied = notice.chosen_other_ids, notice.chosen_copy_ids
            if notice in live:
                mine = contacts.get(notice.partner_id, notice.partner_id.browse())
                read = mine.filtered(notice._is_addressee)
                seller = notice.partner_id.sudo().user_id
                copied = seller if notice.level_id.copy_salesperson else seller.browse()
                copied = copied.filtered(lambda user: user.active and not user.share)
            others[notice] = read.filtered("active") - notice.recipient_id
            copies[notice] = copied.sudo(False)
        # Most have nobody, or the same people: written for all of them at once. What a form shows
        # is not one of the stored notices, and Odoo writes each kind separately.
        for found, name in ((others, "other_recipient_ids"), (copies, "copy_user_ids")):
            alike = self.grouped(lambda notice, found=found: (bool(notice.id), found[notice]._ids))
            for notices in alike.values():
                notices[name] = found[notices[0]]

    def _is_addressee(self, contact):
        """Whether a contact of the customer gets this notice besides its recipient.

        Either by role, as named by the level, or as set on the contact.
        """
        by_role = self.level_id.to_director and contact.dunning_contact_role == "director"
        return by_role or contact._receives_dunning(self.kind)

    def _inverse_addressees(self):
        self._check_addressees()
        for notice in self:
            notice.sudo().write(
                {
                    "addressees_chosen": True,
                    "chosen_other_ids": [fields.Command.set(notice.other_recipient_ids.ids)],
                    "chosen_copy_ids": [fields.Command.set(notice.copy_user_ids.ids)],
                }
            )

    def _check_addressees(self):
        """Check the recipients that a user adds.

        :raise AccessError: for anybody but the customer's contacts, unless the user may send; for
            anybody but a colleague in copy
        """
        may_send = self.env.su or self.env.user.has_group(SENDERS)
        for notice in self:
            foreign = notice._get_foreign_others()
            if foreign and not may_send:
                raise AccessError(
                    self.env._(
                        "%(recipient)s is no contact of %(customer)s: only dunning users write to "
                        "somebody else.",
                        recipient=", ".join(foreign.mapped("display_name")),
                        customer=notice.partner_id.display_name,
                    )
                )
            if notice.copy_user_ids.sudo().filtered("share"):
                raise AccessError(self.env._("Only colleagues receive a copy."))

    def _get_foreign_others(self):
        """Return the other recipients who are no contacts of the customer."""
        self.ensure_one()
        return self.other_recipient_ids.filtered(
            lambda contact: contact.commercial_partner_id != self.partner_id
        )

    def _get_disclosure_problem(self):
        """Return why the debt of a consumer would be disclosed to a third party, or False."""
        self.ensure_one()
        third = self._get_foreign_others()
        if self.is_recipient_foreign:
            third |= self.recipient_id
        debtor = self.partner_id.sudo()
        regime = debtor.dunning_regime or debtor.dunning_regime_proposed
        if not third or regime != "b2c":
            return False
        return self.env._(
            "%(third)s is no contact of %(customer)s, a consumer: his debts are told to nobody "
            "else. Choose one of his own contacts; who represents him is one.",
            third=", ".join(third.mapped("display_name")),
            customer=self.partner_id.display_name,
        )

    # -- Entering a missing address ----------------------------------------------------------------

    @api.depends("recipient_email", "send_email", "state")
    def _compute_email_missing(self):
        for notice in self:
            missing = notice.send_email and not notice.recipient_id.email_normalized
            notice.email_missing = missing and notice.state in LIVE

    def _compute_typed_email(self):
        self.typed_email = False

    def _inverse_typed_email(self):
        """Write the address on the contact, with the user's rights."""
        for notice in self.filtered(lambda notice: notice.typed_email and notice.email_missing):
            notice.recipient_id.with_env(self.env).email = notice.typed_email
            notice.sudo().write({"blocking_reason": False, "failed_on": False})

    # -- What leaves -------------------------------------------------------------------------------

    def _get_email_partners(self):
        """Return who gets the e-mail: the recipient, and those others who have an address."""
        self.ensure_one()
        others = self.other_recipient_ids.sudo() | self.copy_user_ids.sudo().partner_id
        refused = others and self._get_refusals()[self]
        reached = others.filtered(lambda other: not other._get_dunning_email_fault(refused))
        return self.recipient_id.sudo() | reached

    def _prepare_addressees_vals(self):
        """Return the values to store about those who get the notice besides its recipient."""
        self.ensure_one()
        reached = self._get_email_partners()
        others = [contact.email_formatted for contact in self.other_recipient_ids & reached]
        mine = email_normalize_all(self.recipient_id.email or "")
        copied = self.copy_user_ids.sudo().filtered(lambda user: user.partner_id in reached)
        copies = [email_normalize(user.email or "") for user in copied]
        vals = {"addressees_chosen": True}
        if not self.addressees_chosen and self.other_recipient_ids:
            vals["chosen_other_ids"] = [fields.Command.set(self.other_recipient_ids.ids)]
        if not self.addressees_chosen and self.copy_user_ids:
            vals["chosen_copy_ids"] = [fields.Command.set(self.copy_user_ids.ids)]
        return {
            **vals,
            "sent_others": ADDRESS_SEPARATOR.join(others) or False,
            "sent_copies": ADDRESS_SEPARATOR.join(
                copy for copy in copies if copy and copy not in mine
            )
            or False,
        }

    def _prepare_sealed_addressees(self):
        """Return who else got the notice, for the sealed record; nothing if nobody did."""
        self.ensure_one()
        found = {"others": self.sent_others, "copies": self.sent_copies}
        return {name: addresses for name, addresses in found.items() if addresses}

    def _drop_copies(self, addresses):
        """Return the customer's addresses among these, without colleagues'.

        :param addresses: normalized, as a list or a dict
        """
        copies = split_addresses(self.sent_copies)
        return [address for address in addresses if address not in copies]

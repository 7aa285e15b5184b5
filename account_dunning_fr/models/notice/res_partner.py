from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all

from ...core.schedule import KINDS
from ..common.account_dunning_run import queued
from ..common.dialogs import open_dialog
from ..common.groups import ACCOUNTING_GROUPS
from .account_dunning_claim import fit_transfer_text
from .account_dunning_sent_statement import get_amount_to_pay
from .qr_code import draw_qr_code


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_last_notice_id = fields.Many2one(
        "account.dunning.notice",
        string="Last message",
        compute="_compute_dunning_last_notice_id",
        groups=ACCOUNTING_GROUPS,
    )

    dunning_contact_role = fields.Selection(
        [("accounting", "Accounting"), ("director", "Director or representative")],
        string="Role for reminders",
        groups=ACCOUNTING_GROUPS,
        help="The levels of the policy name the roles to which they are written.",
    )
    dunning_contact_from = fields.Selection(
        [
            ("courtesy", "All messages"),
            ("reminder", "All reminders"),
            ("registered", "From the registered reminder on"),
            ("formal_notice", "Formal notices only"),
        ],
        string="Also receives",
        groups=ACCOUNTING_GROUPS,
        help="The messages that this contact receives beside the recipient, whatever the level "
        "says. Empty: those of his role alone.",
    )
    dunning_contact_ids = fields.One2many(
        "res.partner",
        "parent_id",
        string="Contacts for reminders",
        seldom=True,
        groups=ACCOUNTING_GROUPS,
    )

    def _receives_dunning(self, kind):
        """Whether this contact is set to receive notices of a kind.

        :param str kind: kind of the notice
        """
        self.ensure_one()
        first = self.dunning_contact_from
        return bool(first) and KINDS.index(kind) >= KINDS.index(first)

    def _get_dunning_role_contacts(self):
        """Return the contacts of these customers who have a role or notices of their own.

        :return: ``{customer: contacts}``; one query for all
        """
        found = self.env["res.partner"].search(
            [
                ("commercial_partner_id", "in", self.ids),
                ("id", "not in", self.ids),
                "|",
                ("dunning_contact_role", "!=", False),
                ("dunning_contact_from", "!=", False),
            ],
            order="id",
        )
        return found.grouped("commercial_partner_id")

    def _get_dunning_level_recipient(self, level, moves=None):
        """Return the recipient of a notice of a level.

        :param level: ``account.dunning.level``
        :param moves: ``account.move``, the invoices that it claims
        """
        self.ensure_one()
        if level.to_director and not level.to_accounting:
            contacts = self._get_dunning_role_contacts().get(self, self.browse())
            directors = contacts.filtered(lambda c: c.dunning_contact_role == "director")
            directors = directors.filtered("email_normalized") or directors
            if directors:
                return directors[0]
        return self._get_dunning_recipient(moves)

    def _compute_dunning_last_notice_id(self):
        rows = self.env["account.dunning.notice"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "=", "sent"),
                ("has_left", "=", True),
            ],
            ["partner_id"],
            ["id:max"],
        )
        last = {partner.id: notice_id for partner, notice_id in rows}
        for partner in self:
            partner.dunning_last_notice_id = last.get(partner.commercial_partner_id.id)

    def _is_dunning_colleague(self, address):
        """Whether a message was written by an employee: this contact, or whoever has the address.

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

    # -- History -----------------------------------------------------------------------------------

    dunning_notice_count = fields.Integer(
        string="Reminders",
        compute="_compute_dunning_counts",
        counted=("account.dunning.notice", []),
        usual=True,
        groups=ACCOUNTING_GROUPS,
    )

    def action_view_dunning_notices(self):
        """Open the notices of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_notice"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action

    def action_dunning_chronology(self):
        """Show the history of this customer's debts."""
        self.ensure_one()
        creditor = self._get_dunning_asking_creditor()
        page = self.env["account.dunning.chronology.page"]
        return page._open(self.commercial_partner_id, creditor)

    def _get_dunning_email_fault(self, refused=()):
        """Return why no e-mail reaches this contact, or None: one rule for all that is sent to him.

        :param refused: addresses that refused a message for good, with or without their reasons
        :return: ``"archived"``, ``"missing"``, ``"refused"`` or ``"returned"``
        """
        self.ensure_one()
        contact = self.sudo()
        if not contact.active:
            return "archived"
        if not contact.email_normalized:
            return "missing"
        if contact._get_dunning_refused(refused):
            return "refused"
        return "returned" if contact.message_bounce else None

    def _find_dunning_email_fault(self, creditor, customer):
        """Return why no e-mail of a creditor reaches this contact of a customer, or None.

        :param creditor: ``res.company``
        :param customer: commercial partner
        :return: as ``_get_dunning_email_fault``, which takes what was read for many at once
        """
        whose = [("partner_id", "=", customer.id)]
        refused = self.env["account.dunning.notice"]._get_refused(creditor, whose)
        return self._get_dunning_email_fault(refused.get((creditor.id, customer.id), ()))

    def _get_dunning_refused(self, refused):
        """Return the addresses of this contact if all of them refused a notice, else none.

        :param refused: addresses, with or without their reasons
        :return: set
        """
        self.ensure_one()
        addresses = set(email_normalize_all(self.email or ""))
        return addresses if addresses <= set(refused) else set()

    # -- Chasing from a list of customers ----------------------------------------------------------

    def action_dunning_chase(self):
        """Choose what to write to these customers."""
        self.env["account.dunning.notice"].check_access("write")
        return open_dialog(
            "account.dunning.chase",
            self.env._("Chase now"),
            {"default_partner_ids": self.commercial_partner_id.ids},
        )

    # -- Account statement by e-mail ---------------------------------------------------------------

    @queued("send_statements")
    def _send_dunning_statements(self, company_id, day):
        """Send these customers their account statement.

        :param int company_id: the creditor
        :param str day: date of the statement
        :raise UserError: if it is sent to none of them
        """
        creditor = self.env["res.company"].browse(company_id)
        statements = self.env["account.dunning.sent.statement"]
        sent, skipped = statements._send(creditor, self, fields.Date.to_date(day))
        if not sent:
            raise UserError(statements._explain_skipped(skipped))

    def _get_dunning_open_invoices(self, creditor):
        """Return the open invoices of these customers for a creditor."""
        items = self.env["account.move.line"].sudo()
        domain = items._get_dunning_domain(creditor._get_dunning_companies(), self)
        return items.search(domain).move_id

    def _get_dunning_paying_account(self, creditor, currency=None):
        """Return the bank account for a document on all that is owed: ours, or a factor's.

        :param creditor: ``res.company``
        :param currency: currency of the payment, the creditor's by default
        """
        self.ensure_one()
        invoices = self._get_dunning_open_invoices(creditor)
        if invoices._filter_dunning_factored():
            return invoices._get_dunning_common_account()
        return creditor.sudo()._get_dunning_bank_account(currency)

    def _get_dunning_statement_code(self, found):
        """Return the transfer QR code of a statement as a ``data:`` URL, or False.

        :param dict found: the statement, result of ``_get_dunning_statements``
        """
        self.ensure_one()
        if len(found["sections"]) != 1:
            return False
        [section] = found["sections"]
        amount = get_amount_to_pay(section["total"], section["overdue"])
        items = self.env["account.move.line"].union(*(row["item"] for row in section["rows"]))
        invoices = items.filtered(lambda item: item.balance > 0).move_id
        account = invoices._get_dunning_common_account()
        if amount <= 0 or not account:
            return False
        reference = fit_transfer_text(invoices.mapped("name"), self.ref or self.name)
        text = account._get_dunning_transfer_code(amount, reference, section["currency"], self)
        return text and draw_qr_code(text)

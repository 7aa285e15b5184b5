from base64 import b64decode
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.addons.payment import utils as payment_utils
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from ...core.filenames import written_name
from ..common.account_dunning_retained import Kept
from ..common.creditors_day import creditors_day
from ..common.letter_formats import format_letter_amount, format_letter_date
from ..common.notifications import name_skipped
from ..hold.account_dunning_hold import RESTRICTION

TEMPLATE = "account_dunning_fr.mail_template_account_statement"


class AccountDunningSentStatement(models.Model):
    """An account statement (« relevé de compte ») that was sent to a customer by e-mail.

    It is not a reminder: no item takes a level from it, and neither an interval nor a deadline
    starts. What was sent is kept: the e-mail in the thread, and the document next to it.
    """

    _name = "account.dunning.sent.statement"
    _description = "Statement of Account Sent"
    _inherit = ["account.dunning.retained", "mail.thread", "account.dunning.guarded"]
    _dunning_writer = "code"
    _mail_post_access = "read"
    _order = "sent_on DESC, id DESC"
    _dunning_kept = Kept("statement", "date")
    _dunning_named_files = ("file_id",)

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Date(string="On", required=True, readonly=True, help="The day that it shows.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(string="Balance", readonly=True)
    amount_overdue = fields.Monetary(string="Past due", readonly=True)
    total_text = fields.Char(readonly=True)
    recipient_id = fields.Many2one(
        "res.partner", string="Sent to", readonly=True, index="btree_not_null"
    )
    sent_to = fields.Char(string="Address", readonly=True)
    sent_lang = fields.Char(readonly=True)
    sent_on = fields.Datetime(readonly=True)
    sent_by = fields.Many2one("res.users", readonly=True)
    file_id = fields.Many2one(
        "ir.attachment", string="Document", readonly=True, index="btree_not_null"
    )
    mail_id = fields.Many2one("mail.mail", string="E-mail", readonly=True, index="btree_not_null")

    @api.depends("date", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "Statement of account of %(customer)s on %(date)s",
                customer=statement.partner_id.name,
                date=format_date(self.env, statement.date),
            )

    # -- Who receives none -------------------------------------------------------------------------

    @api.model
    def _get_skipped(self, creditor, partners, day):
        """Return why some of these customers get no statement, ``{partner: reason}``.

        :param creditor: ``res.company``
        :param partners: commercial partners
        :param date day: date of the statement
        """
        owing = {found["partner"] for found in partners._get_dunning_statements(creditor, day)}
        held = self._get_held(creditor, partners)
        sender = email_normalize(creditor.email)
        whose = [("partner_id", "in", partners.ids)]
        refused = self.env["account.dunning.notice"]._get_refused(creditor, whose)
        skipped = {}
        for partner in partners:
            reason = self._get_skip_reason(partner, partner in owing, held.get(partner), sender)
            addresses = refused.get((creditor.id, partner.id), {})
            if reason := reason or self._explain_email_fault(partner, addresses):
                skipped[partner] = reason
        return skipped

    @api.model
    def _get_held(self, creditor, partners):
        """Return the holds under which nothing is sent to a customer, ``{partner: reason}``."""
        holds = self.env["account.dunning.hold"].sudo()
        found = holds.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", creditor.id),
                ("reason", "in", ("insolvency", RESTRICTION)),
                *holds._get_current_domain(creditors_day(creditor)),
            ]
        )
        return {hold.partner_id: hold.reason for hold in found}

    @api.model
    def _get_skip_reason(self, partner, owes, held, sender):
        """Return why a customer gets none, for the user, or None."""
        if held == "insolvency":
            return self.env._("insolvency proceedings: write to the court-appointed administrator")
        if held or partner.sudo().dunning_restricted:
            return self.env._("processing restricted (GDPR art. 18): nothing is sent")
        if not owes:
            return self.env._("nothing open on that day")
        if not sender:
            return self.env._("the company has no e-mail address to write from")
        return None

    @api.model
    def _explain_email_fault(self, partner, refused):
        """Return why no e-mail reaches a customer, for the user, or None: as reminders find it.

        :param dict refused: ``{address: reason}`` of those that refused a message for good
        """
        recipient = partner._get_dunning_recipient()
        fault = recipient._get_dunning_email_fault(refused)
        if fault == "returned":
            return self.env._("an e-mail to %s came back", recipient.email)
        if fault == "refused":
            reasons = [
                refused[address] for address in sorted(recipient._get_dunning_refused(refused))
            ]
            return self.env._(
                "the last message to %(email)s was refused: %(reason)s",
                email=recipient.email,
                reason=reasons[0],
            )
        return fault and self.env._("no valid e-mail address")

    @api.model
    def _explain_skipped(self, skipped):
        """Return who is skipped and why, for the user; an empty text if nobody is.

        :param dict skipped: result of ``_get_skipped``
        """
        reasons = [(partner.name, reason) for partner, reason in skipped.items()]
        return name_skipped(self.env, reasons)

    @api.model
    def _explain_recipients(self, partners, chosen):
        """Return how many of the chosen customers get it, or who does; False if nobody does.

        :param partners: those who get it
        :param int chosen: how many were chosen
        """
        if not partners:
            return False
        if chosen == 1:
            recipient = partners._get_dunning_recipient()
            return self.env._("By e-mail to %s", recipient.email_formatted)
        return self.env._(
            "By e-mail to %(count)s of %(chosen)s customers", count=len(partners), chosen=chosen
        )

    # -- Sending -----------------------------------------------------------------------------------

    @api.model
    def _send(self, creditor, partners, day):
        """Send the statement to those of these customers who may get it.

        :param creditor: ``res.company``
        :param partners: commercial partners
        :param date day: date of the statement
        :return: (the statements sent, ``{partner: reason}`` of the others)
        """
        self._check_send(creditor)
        skipped = self._get_skipped(creditor, partners, day)
        sent = self.browse()
        for partner in partners - partners.browse().union(*skipped):
            sent |= self._send_one(creditor, partner, day)
        return sent, skipped

    @api.model
    def _check_send(self, creditor):
        """:raise AccessError: unless the user may prepare notices for this creditor"""
        self.env["account.dunning.notice"].check_access("write")
        if creditor not in self.env.companies.sudo().dunning_creditor_id:
            raise UserError(self.env._("Switch to the company %s first.", creditor.name))

    @api.model
    def _send_one(self, creditor, partner, day):
        """Send one statement, and store it.

        :return: ``account.dunning.sent.statement``
        """
        lang = partner._get_dunning_lang()
        local = self.with_context(lang=lang, allowed_company_ids=creditor.ids)
        customer = partner.with_env(local.env)
        [found] = customer._get_dunning_statements(creditor, day)
        content = customer._print_dunning_account_statement(creditor, day)
        statement = local.sudo().create(local._prepare_vals(creditor, customer, day, found, lang))
        name = written_name(f"{local.env._('Statement of account')} {day}", "pdf")
        statement.file_id = statement.env["ir.attachment"]._attach_dunning(statement, name, content)
        statement.message_subscribe(self.env.user.partner_id.ids)
        statement._queue_mail(found)
        return statement.with_env(self.env)

    @api.model
    def _prepare_vals(self, creditor, partner, day, found, lang):
        """Return the values to store about a statement that is sent.

        :param dict found: result of ``res.partner._get_dunning_statements``
        """
        recipient = partner._get_dunning_recipient()
        section = self._get_main_section(creditor, found)
        totals = [
            format_letter_amount(self.env, each["total"], each["currency"])
            for each in found["sections"]
        ]
        return {
            "company_id": creditor.id,
            "partner_id": partner.id,
            "date": day,
            "currency_id": section["currency"].id,
            "amount": section["total"],
            "amount_overdue": section["overdue"],
            "total_text": " + ".join(totals),
            "recipient_id": recipient.id,
            "sent_to": recipient.email,
            "sent_lang": lang,
            "sent_on": fields.Datetime.now(),
            "sent_by": self.env.uid,
        }

    @api.model
    def _get_main_section(self, creditor, found):
        """Return the section in the creditor's currency, else the first one."""
        own = [each for each in found["sections"] if each["currency"] == creditor.currency_id]
        return (own or found["sections"])[0]

    def _queue_mail(self, found):
        """Queue the e-mail, with the document and the transfer QR code."""
        self.ensure_one()
        files = self.file_id
        if code := self.partner_id._get_dunning_statement_code(found):
            image = b64decode(code.partition(",")[2])
            name = f"{self.date}-QR.png"
            files |= files._attach_dunning(self, name, image, "image/png")
        self.mail_id = (
            self.env.ref(TEMPLATE)
            .sudo()
            .send_mail(
                self.id,
                email_values={
                    "auto_delete": False,
                    "recipient_ids": [fields.Command.link(self.recipient_id.id)],
                    "attachment_ids": [fields.Command.set(files.ids)],
                },
            )
        )

    # -- Content of the e-mail ---------------------------------------------------------------------

    def _format_date(self):
        return format_letter_date(self.env, self.date)

    def _format_overdue(self):
        return format_letter_amount(self.env, self.amount_overdue, self.currency_id)

    def _get_amount_to_pay(self):
        """Return the amount of the button and the code: what is overdue, at most the balance."""
        self.ensure_one()
        return get_amount_to_pay(self.amount, self.amount_overdue)

    def _format_to_pay(self):
        return format_letter_amount(self.env, self._get_amount_to_pay(), self.currency_id)

    def _get_payment_url(self):
        """Return the URL of Odoo's own payment link, or False if there is none.

        The payment arrives without an invoice: it is set against the oldest, like a transfer.
        """
        self.ensure_one()
        amount = self._get_amount_to_pay()
        company = self.company_id.sudo()
        if amount <= 0 or not company.dunning_pays_online:
            return False
        invoices = self.partner_id._get_dunning_open_invoices(company)
        if invoices._filter_dunning_factored():
            return False
        payer, currency = self.partner_id, self.currency_id
        token = payment_utils.generate_access_token(payer.id, amount, currency.id, env=self.env)
        query = {
            "amount": amount,
            "access_token": token,
            "currency_id": currency.id,
            "partner_id": payer.id,
            "company_id": company.id,
        }
        return f"{self.get_base_url()}/payment/pay?{urlencode(query)}"

    def _get_bank_account(self):
        """Return the bank account for the payment, ``res.partner.bank``."""
        self.ensure_one()
        return self.partner_id._get_dunning_paying_account(self.company_id, self.currency_id)

    # -- Kept --------------------------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A statement that was sent is kept: it cannot be deleted."))

    def _get_personal_fields(self):
        return ["sent_to", "total_text", "file_id"]


def get_amount_to_pay(balance, overdue):
    """Return the amount that a statement asks for: what is overdue, minus the customer's credits.

    If nothing is overdue: the whole balance, which may be paid in advance.

    >>> get_amount_to_pay(120.0, 100.0), get_amount_to_pay(80.0, 100.0), get_amount_to_pay(50.0, 0)
    (100.0, 80.0, 50.0)
    """
    return max(min(balance, overdue or balance), 0.0)

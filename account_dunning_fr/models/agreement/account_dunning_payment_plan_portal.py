import json
from base64 import b64decode, b64encode

from markupsafe import escape

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...core.filenames import written_name
from ...core.seals import sha256
from ...core.signer import MOST, read_signer
from ...dossier.signature import NoSignature, read_signature
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..common.mail_message import hide, show
from ..common.private_context import pass_on, passed
from .account_dunning_payment_plan import DRAFT, RUNNING

AGREEMENT = "account_dunning_fr.report_payment_plan"
TODO = "mail.mail_activity_data_todo"


class AccountDunningPaymentPlan(models.Model):
    """The agreement signed by the customer on the page to which he was sent a link.

    The signed agreement is kept as a PDF with its SHA-256, along with the signer's name, the
    signature, the time and the IP address. It is a simple electronic signature (C. civ. 1366 and
    1367): the identity of the signer is proved by these, not presumed.
    """

    _name = "account.dunning.payment.plan"
    _inherit = [
        "account.dunning.payment.plan",
        "portal.mixin",
        "account.dunning.sealed",
        "account.dunning.plausible",
    ]

    # Whoever has the link may sign: only those who may send it can read it.
    access_token = fields.Char(groups="account.group_account_invoice", writer="code")
    signature = fields.Image(max_width=1024, max_height=1024, readonly=True, copy=False)
    signed_at = fields.Datetime(string="Signed online at", readonly=True, copy=False)
    signed_ip = fields.Char(string="Signed from", readonly=True, copy=False, help="IP address.")
    signed_sha256 = fields.Char(string="SHA-256 of the agreement", readonly=True, copy=False)
    seal = fields.Selection(
        [("intact", "Intact"), ("altered", "Altered")],
        compute="_compute_seal",
        help="The sum of the file, computed again now, against the one noted at the signature.",
    )

    @api.depends("signed_sha256", "signed_id")
    def _compute_seal(self):
        for plan in self:
            intact = plan.signed_id._get_dunning_sum() == plan.signed_sha256
            plan.seal = plan.signed_sha256 and ("intact" if intact else "altered")

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for plan in self:
            plan.access_url = f"/my/payment-plans/{plan.id}"
        return result

    # -- Actions -----------------------------------------------------------------------------------

    def action_send_to_sign(self):
        """Write to the customer, with the link to the page where he signs."""
        self.ensure_one()
        self._check_draft()
        # Problems that the page would show the customer are shown to the creditor first.
        self._check_sum()
        self._check_free()
        if self._is_past():
            raise UserError(
                self.env._(
                    "The day of an instalment is past: choose another first day, compute the "
                    "instalments, then send the agreement."
                )
            )
        if problem := self._get_signing_problem():
            raise UserError(problem)
        self._portal_ensure_token()
        template = self.env.ref("account_dunning_fr.mail_template_plan_sign")
        return open_dialog(
            "mail.compose.message",
            self.env._("Send the agreement to be signed"),
            {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_layout",
                "force_email": True,
            },
        )

    def action_open_page(self):
        """Open the customer's page as he sees it."""
        self.ensure_one()
        self.check_access("write")  # whoever has the link may sign
        return {"type": "ir.actions.act_url", "url": self.get_portal_url(), "target": "new"}

    # -- The link ----------------------------------------------------------------------------------

    def message_post(self, *, body="", **kwargs):
        """Keep the link's token out of the history, which more people can read than may send it.

        It is put back into the e-mail to the customer (``_notify_by_email_get_final_mail_values``).
        """
        token = self.sudo().access_token if len(self) == 1 else False
        if not token or token not in (body or ""):
            return super().message_post(body=body, **kwargs)
        plan = pass_on(self, token=token)
        hidden = hide(body, token)
        message = super(AccountDunningPaymentPlan, plan).message_post(body=hidden, **kwargs)
        return message.with_env(self.env)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Let the button of the e-mail open the page of the agreement, and nothing more.

        Odoo's button contains a token with which whoever has the e-mail can create a user account
        of the customer, if registration is open. The token of an agreement lets him sign it, and
        nothing else.
        """
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for name, _is_of_group, options in groups:
            if name == "portal_customer":
                page = self.sudo()
                options["button_access"]["url"] = page.get_base_url() + page.get_portal_url()
        return groups

    def _notify_by_email_get_final_mail_values(self, recipient_ids, *args, **kwargs):
        values = super()._notify_by_email_get_final_mail_values(recipient_ids, *args, **kwargs)
        recipients = self.env["res.partner"].sudo().browse(recipient_ids)
        token = passed(self.env, "token")
        if token and not any(user._is_internal() for user in recipients.user_ids):
            values["body_html"] = show(values["body_html"], token)
        return values

    # -- The seal ----------------------------------------------------------------------------------

    def _has_left(self):
        """A plan is evidence from its signature on: signed online, or started once signed."""
        return self.filtered(
            lambda plan: plan.signed_at or plan.state not in ("draft", "cancelled")
        )

    def _get_seal_kind(self):
        return "plan"

    def _get_sealed_files(self):
        """Return the signed agreement, and the image of the signature."""
        pictures = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", "signature"),
            ]
        )
        return self.signed_id | pictures

    def _prepare_sealed_record(self):
        """Return what was agreed, and who signed it, when, from where and with which image."""
        self.ensure_one()
        write = self.env["account.dunning.notice"]._write_amount
        return {
            "reference": self.name or "",
            "signer": self.signer or "",
            "capacity": self.signer_capacity or "",
            "signed_on": fields.Date.to_string(self.signed_on) or "",
            "signed_at": fields.Datetime.to_string(self.signed_at) or "",
            "signed_from": self.signed_ip or "",
            "signature": sha256(b64decode(self.signature)) if self.signature else "",
            "agreement": self.signed_id._get_dunning_sum() if self.signed_id else "",
            "penalties": self.penalties,
            "total": write(self.amount, self.currency_id),
            "instalments": [
                {
                    "due": fields.Date.to_string(line.date),
                    "amount": write(line.amount, self.currency_id),
                }
                for line in self.line_ids.sorted(lambda line: (line.date, line.id))
            ],
        }

    def _prepare_sealed_note(self):
        invoices = sorted(set(filter(None, self.item_ids.move_id.mapped("name"))))
        return {**super()._prepare_sealed_note(), "invoices": invoices}

    # -- The signature -----------------------------------------------------------------------------

    def _get_signature_props(self, label):
        """Return the properties of the signature form; the default is a person, never the company.

        :param label: of its button
        """
        self.ensure_one()
        recipient = self.partner_id._get_dunning_recipient()
        return json.dumps(
            {
                "callUrl": self.get_portal_url(suffix="/sign"),
                "defaultName": "" if recipient.is_company else recipient.name or "",
                "sendLabel": str(label).strip(),
            }
        )

    def _is_link_open(self):
        """Whether the customer's page is still available: it ends with the agreement."""
        self.ensure_one()
        return self.state in (DRAFT, RUNNING)

    def _for_visitor(self):
        """Return this plan as superuser, in the language of its customer, to show the page.

        The day is the creditor's: after his midnight the server's day may still be the day before.
        """
        self.ensure_one()
        local = self.sudo().company_id._in_dunning_day(self.with_user(SUPERUSER_ID))
        return local.with_context(lang=self._get_dunning_print_lang())

    def _is_past(self):
        """Whether the day of an instalment is past: such a plan can no longer be signed."""
        self.ensure_one()
        today = creditors_day(self)
        return any(line.date < today for line in self.line_ids)

    def _get_signing_problem(self):
        """Return why this agreement cannot be signed online now, for the customer, or False."""
        self.ensure_one()
        if self.signed_at:
            return self.env._("This agreement is signed already.")
        if self.state != "draft":
            return self.env._("This agreement is not to be signed any more.")
        outdated = self.env._(
            "This agreement is out of date: ask %s for a new one.", self.company_id.name
        )
        if self._is_past():
            return outdated
        try:
            self._check_sum()
            self._check_free()
        except UserError:
            return outdated
        return False

    def _sign_online(self, name, signature, ip, capacity=None):
        """Record the signature, keep what was signed, and start the plan.

        :param name: name of the person, as sent by the page
        :param signature: PNG or JPEG, in base64, as sent by the page
        :param str ip: address it came from
        :param capacity: in which the person signs for the customer, as sent by the page
        :raise UserError: if it cannot be signed, for instance a second time
        """
        self.ensure_one()
        self.lock_for_update()
        # Items that are being paid at this moment cannot be promised in instalments.
        self.item_ids.lock_for_update(allow_referencing=True)
        if problem := self._get_signing_problem():
            raise UserError(problem)
        picture = self._read_signature(signature)
        now = fields.Datetime.now()
        self.write(
            {
                "signer": self._read_signer(
                    name, self.env._("Enter your first and last name: %s characters at most.", MOST)
                ),
                "signer_capacity": self._read_signer(
                    capacity,
                    self.env._(
                        "Enter the capacity in which you sign, for instance manager: %s "
                        "characters at most.",
                        MOST,
                    ),
                ),
                "signature": b64encode(picture),
                "signed_at": now,
                "signed_on": creditors_day(self),
                "signed_ip": ip,
            }
        )
        self._keep_signed_agreement()
        self._tell_signed(self._start_signed())

    @api.model
    def _read_signer(self, text, refusal):
        """Return a name or a capacity as entered.

        :param str refusal: error message if it is not valid
        :raise UserError: with this message
        """
        try:
            return read_signer(text)
        except ValueError as error:
            raise UserError(refusal) from error

    @api.model
    def _read_signature(self, encoded):
        """Return the image of a signature (PNG, bytes).

        :raise UserError: with what to do instead
        """
        try:
            return read_signature(encoded)
        except NoSignature as error:
            refusals = {
                "missing": self.env._("Sign in the frame: type your name or draw."),
                "blank": self.env._("The frame is empty: type your name or draw your signature."),
                "large": self.env._("This picture is too large: draw your signature instead."),
            }
            unreadable = self.env._("This signature cannot be read: sign again.")
            raise UserError(refusals.get(str(error), unreadable)) from error

    def _get_file_name(self):
        """Return the file name of the agreement, without extension."""
        self.ensure_one()
        return written_name(self.name or "")

    def _keep_signed_agreement(self):
        """Keep the agreement as signed, with its SHA-256."""
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(AGREEMENT, self.ids)
        name = self.env._("Signed agreement %s.pdf", self._get_file_name())
        attachment = self.env["ir.attachment"]._attach_dunning(self, name, content)
        self.write(
            {
                "signed_id": attachment.id,
                "signed_sha256": attachment._get_dunning_sum(),
            }
        )
        self._seal()

    def _start_signed(self):
        """Start the signed plan.

        :return: why it could not be started, for the person in charge, or False
        """
        try:
            with self.env.cr.savepoint():
                self.action_start()
        except UserError as error:
            return str(error)
        return False

    def _tell_signed(self, problem):
        """Tell the person in charge, and send the customer his copy.

        :param problem: why the plan did not start, or False
        """
        speaking = self._in_dunning_lang()
        speaking.activity_schedule(
            TODO,
            user_id=self.user_id.id or self.company_id.dunning_user_id.id or self.env.uid,
            summary=speaking.env._(
                "%(customer)s signed the payment plan %(name)s",
                customer=self.partner_id.display_name,
                name=self.name,
            ),
            note=escape(problem or speaking.env._("The plan runs: its items are not chased.")),
        )
        recipient = self.partner_id._get_dunning_recipient()
        customer = self.with_context(lang=self._get_dunning_print_lang())
        customer.message_post(
            subject=customer.env._("Payment plan %s: your signed copy", self.name),
            body=customer.env._(
                "You will find enclosed the agreement that %s signed online.", self.signer
            ),
            author_id=self.company_id.partner_id.id,
            email_from=self.company_id.email_formatted,
            partner_ids=recipient.ids,
            attachment_ids=self._get_signed_file().ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",  # a note would be marked as internal in his mailbox
        )

import hashlib

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.filenames import written_name

AGREEMENT = "account_dunning_fr.report_payment_plan"
TODO = "mail.mail_activity_data_todo"


class AccountDunningPaymentPlan(models.Model):
    """The agreement signed by the customer on the page whose link he was sent.

    What he signed is kept as a PDF with its SHA-256, with his name, his signature, the time and
    the address from which it came. It is a simple electronic signature (C. civ. 1366 and 1367):
    who signed is proved by these, not presumed.
    """

    _name = "account.dunning.payment.plan"
    _inherit = ["account.dunning.payment.plan", "portal.mixin"]

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
            found = hashlib.sha256(plan.sudo().signed_id.raw or b"").hexdigest()
            intact = found == plan.signed_sha256
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
        if problem := self._get_signing_problem():
            raise UserError(problem)
        self._portal_ensure_token()
        template = self.env.ref("account_dunning_fr.mail_template_plan_sign")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the agreement to be signed"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_layout",
                "force_email": True,
            },
        }

    def action_open_page(self):
        """Open the page of the customer as he sees it."""
        self.ensure_one()
        self.check_access("write")  # whoever holds the link may sign
        return {"type": "ir.actions.act_url", "url": self.get_portal_url(), "target": "new"}

    # -- The signature -----------------------------------------------------------------------------

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
        if any(line.date < fields.Date.context_today(self) for line in self.line_ids):
            return outdated
        try:
            self._check_sum()
            self._check_free()
        except UserError:
            return outdated
        return False

    def _sign_online(self, name, signature, ip):
        """Record the signature, keep what was signed, and start the plan.

        :param str name: as the customer typed it
        :param signature: image, in base64
        :param str ip: where it came from
        :raise UserError: if it cannot be signed, twice among others
        """
        self.ensure_one()
        self.lock_for_update()
        if problem := self._get_signing_problem():
            raise UserError(problem)
        if not (name or "").strip() or not signature:
            raise UserError(self.env._("Enter your name and sign."))
        zone = self.company_id._get_dunning_timezone()
        now = fields.Datetime.now()
        self.write(
            {
                "signer": name.strip(),
                "signature": signature,
                "signed_on": fields.Datetime.context_timestamp(
                    self.with_context(tz=zone), now
                ).date(),
                "signed_ip": ip,
            }
        )
        self._keep_signed_agreement(now)
        self._tell_signed(self._start_signed())

    def _get_file_name(self):
        """Return the name of the agreement's file, without its extension."""
        self.ensure_one()
        return written_name(self.name or "")

    def _keep_signed_agreement(self, moment):
        """Keep the agreement as it was signed, with its sum.

        :param datetime moment: when it was signed, in UTC
        """
        report = self.env["ir.actions.report"].with_context(dunning_signed_at=moment)
        content, _kind = report._render_qweb_pdf(AGREEMENT, self.ids)
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._("Signed agreement %s.pdf", self._get_file_name()),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write(
            {
                "signed_id": attachment.id,
                "signed_sha256": hashlib.sha256(attachment.raw).hexdigest(),
                "signed_at": moment,
            }
        )

    def _start_signed(self):
        """Start the plan that was signed.

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
        lang = self.company_id.partner_id._get_dunning_lang()
        speaking = self.with_context(lang=lang)
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
        customer = self.with_context(lang=self._get_lang())
        customer.message_post(
            subject=customer.env._("Payment plan %s: your signed copy", self.name),
            body=customer.env._(
                "You will find enclosed the agreement that %s signed online.", self.signer
            ),
            author_id=self.company_id.partner_id.id,
            email_from=self.company_id.email_formatted,
            partner_ids=recipient.ids,
            attachment_ids=self.signed_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _get_dunning_evidence(self):
        """The agreement that a customer signed online stays as he signed it."""
        signed = (
            self.env["account.dunning.payment.plan"]
            .sudo()
            .search([("signed_id", "in", self.ids), ("signed_sha256", "!=", False)])
        )
        return super()._get_dunning_evidence() | (signed.signed_id & self)

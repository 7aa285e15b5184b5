from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountDunningNotice(models.Model):
    """The record of what was sent: kept word for word, and verified at any time."""

    _inherit = "account.dunning.notice"

    sent_html = fields.Html(string="Message sent", readonly=True, sanitize=False)
    sent_sha256 = fields.Char(string="SHA-256 of the message", readonly=True)
    sent_address = fields.Text(
        string="Address on the letter", readonly=True, help="As it was on the day of sending."
    )
    proof_ids = fields.One2many("account.dunning.proof", "notice_id", string="Proofs")

    @api.depends("sent_html")
    def _compute_message_html(self):
        kept = self.filtered("sent_html")
        for notice in kept:
            notice.message_html = notice.sent_html
        return super(AccountDunningNotice, self - kept)._compute_message_html()

    def _freeze(self, user, on=None):
        result = super()._freeze(user, on)
        records = [(notice, notice._prepare_record_vals()) for notice in self]
        for notice, vals in records:
            notice.write(vals)
        return result

    def _prepare_record_vals(self):
        """Return the message and the address as they leave, with the sum of the message."""
        self.ensure_one()
        message = str(self._render_part("account_dunning_fr.notice_message"))
        return {
            "sent_html": message,
            "sent_sha256": self._get_sum(message.encode()),
            "sent_address": "\n".join(self._get_envelope()) if self._goes_on_paper() else False,
        }

    def _after_sending(self, called=False):
        result = super()._after_sending(called)
        self.env["account.dunning.proof"].create(
            [
                {"notice_id": notice.id, "attachment_id": attachment.id, "kind": "enclosure"}
                for notice in self
                for attachment in notice.mail_id.attachment_ids or notice._get_posted_files()
            ]
        )
        return result

    def action_verify(self):
        """Compute again the sums of what was sent and of its proofs, and say what was found."""
        self.check_access("read")
        if any(notice.state != "sent" for notice in self):
            raise UserError(self.env._("Only what was sent has a record to verify."))
        parts = [part for notice in self.sudo() for part in notice._get_sealed_parts()]
        altered = [name for name, kept, found in parts if kept != found]
        if altered:
            message = self.env._(
                "Altered since it was kept: %s. Tell your administrator: a backup holds the "
                "original.",
                ", ".join(altered),
            )
        else:
            names = ", ".join(name for name, _kept, _found in parts)
            message = self.env._("As it was kept, checked by SHA-256: %s.", names)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Altered") if altered else self.env._("Intact"),
                "message": message if parts else self.env._("Nothing was kept with a sum."),
                "type": "danger" if altered else "success",
                "sticky": bool(altered),
            },
        }

    def action_chronology(self):
        """Show what happened with the debts of this customer."""
        self.ensure_one()
        return self.env["account.dunning.chronology.page"]._open(self.partner_id, self.company_id)

    def _get_sealed_parts(self):
        """Return what is kept with its sum.

        :return: list of (name for the user, sum that was kept, sum computed now)
        """
        self.ensure_one()
        parts = []
        if self.sent_sha256:
            found = self._get_sum(str(self.sent_html or "").encode())
            parts.append((self.env._("text of %s", self.name), self.sent_sha256, found))
        for document, kept in (
            (self.letter_id, self.letter_sha256),
            (self.statement_id, self.statement_sha256),
        ):
            if kept:
                found = self._get_sum(document.raw or b"")
                parts.append((document.name or self.env._("document"), kept, found))
        parts += [
            (proof.attachment_id.name, proof.sha256, self._get_sum(proof.attachment_id.raw or b""))
            for proof in self.proof_ids
        ]
        return parts

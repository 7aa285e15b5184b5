from functools import cache

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.seals import sha256
from ..common.account_dunning_retained import Kept
from ..common.creditors_day import creditors_day
from ..common.notifications import notify
from ..policy.account_dunning_level import LEVEL_KINDS
from .states import CHANNELS


class AccountDunningEvidence(models.AbstractModel):
    """What was sent: kept word for word, sealed, verifiable, and erased in due course."""

    _name = "account.dunning.evidence"
    _inherit = ["account.dunning.sealed", "account.dunning.guarded"]
    _description = "Evidence of a Reminder"

    _dunning_kept = Kept("notice", "date", (("state", "=", "sent"),))

    sent_html = fields.Html(string="Message sent", readonly=True, sanitize=False)
    sent_sha256 = fields.Char(string="SHA-256 of the message", readonly=True)
    sent_address = fields.Text(
        string="Address on the letter", readonly=True, help="As it was on the day of sending."
    )
    sent_kind = fields.Selection(LEVEL_KINDS, string="Kind at the sending", readonly=True)
    sent_level = fields.Json(
        string="Level at the sending", readonly=True, help="Its name, by language."
    )
    sent_recipient = fields.Char(string="Recipient at the sending", readonly=True)
    sent_signatory = fields.Char(string="Signed by", readonly=True)

    def _prepare_record_vals(self):
        """Return the wording and the address as they are sent, with the checksum of the wording."""
        self.ensure_one()
        message = str(self._render_part("account_dunning_fr.notice_message"))
        return {
            "sent_html": message,
            "sent_sha256": sha256(message.encode()),
            "sent_address": "\n".join(self._get_envelope()) if self._goes_on_paper() else False,
            "sent_recipient": self.recipient_id.name,
            "sent_signatory": self._get_signatory().name,
        }

    # -- The seal ---------------------------------------------------------------------------------

    def _has_left(self):
        return self.filtered(lambda notice: notice.state == "sent")

    def _get_seal_kind(self):
        return "notice"

    def _get_sealed_files(self):
        """Return the files that were sent with the notice, posted letters included."""
        left = self.proof_ids.filtered(lambda proof: proof.kind in ("enclosure", "letter"))
        letters = self.letter_id | self.statement_id | self.account_statement_id
        return letters | left.attachment_id

    def _prepare_sealed_record(self):
        """Return what the notice said, to whom, and what it claimed, as it was stored."""
        self.ensure_one()
        write_in = cache(self._get_amount_writer)
        lines = self.line_ids.sorted(lambda line: line.id)
        return {
            "reference": self.name or "",
            "state": self.state,
            "kind": self.sent_kind or "",
            "level": self.sent_level or {},
            "customer": self.partner_name or "",
            "recipient": self.sent_recipient or "",
            "email": self.sent_to or "",
            **self._prepare_sealed_addressees(),
            "address": self.sent_address or "",
            "signatory": self.sent_signatory or "",
            "date": fields.Date.to_string(self.date) or "",
            "deadline": fields.Date.to_string(self.deadline) or "",
            "sent_on": fields.Datetime.to_string(self.sent_on) or "",
            "posted_on": fields.Date.to_string(self.posted_on) or "",
            "message_id": self.message_ref or "",
            "channels": [name for name in CHANNELS if self[name]],
            "language": self.sent_lang or "",
            "subject": self.custom_subject or "",
            "text": str(self.sent_html or ""),
            "letter": self.letter_sha256 or "",
            "statement": self.statement_sha256 or "",
            "total": write_in(self.company_currency_id)(self.amount_total),
            "lines": [line._prepare_sealed_line(write_in) for line in lines],
        }

    @api.model
    def _write_amount(self, amount, currency):
        """Format an amount and its currency for a record."""
        return self._get_amount_writer(currency)(amount)

    @api.model
    def _get_amount_writer(self, currency):
        """Return a function that formats amounts of a currency for a record."""
        places, name = currency.decimal_places, currency.name
        return lambda amount: f"{amount:.{places}f} {name}"

    def _get_sealed_parts(self):
        """Return what is kept with a checksum.

        :return: list of (name for the user, stored checksum, checksum computed now)
        """
        self.ensure_one()
        if self.erased_on:
            return []
        parts = []
        if self.sent_sha256:
            found = sha256(str(self.sent_html or "").encode())
            parts.append((self.env._("text of %s", self.name), self.sent_sha256, found))
        for document, kept in (
            (self.letter_id, self.letter_sha256),
            (self.statement_id, self.statement_sha256),
        ):
            if kept:
                found = document._get_dunning_sum()
                parts.append((document.name or self.env._("document"), kept, found))
        parts += [
            (proof.attachment_id.name, proof.sha256, proof.attachment_id._get_dunning_sum())
            for proof in self.proof_ids
        ]
        return parts

    def action_verify(self):
        """Recompute the checksums of what was sent and of its proofs, and report the result."""
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
        return notify(
            message if parts else self.env._("Nothing was kept with a sum."),
            title=self.env._("Altered") if altered else self.env._("Intact"),
            tone="danger" if altered else "success",
        )

    def action_view_seals(self):
        """Show the seals of the notice: its number in the chain, and its checksums."""
        self.ensure_one()
        return self.seal_ids._get_records_action(name=self.env._("Seals"))

    # -- Erasure at the end of the retention period -----------------------------------------------

    def _prepare_erased_vals(self, rule):
        text = self._get_erased_text(rule)
        empty = [
            "sent_address",
            "sent_to",
            "sent_others",
            "sent_copies",
            "sent_recipient",
            "sent_signatory",
            "partner_name",
            "message_ref",
            "chosen_recipient_id",
            "letter_id",
            "statement_id",
            "account_statement_id",
            "custom_closing",
        ]
        return {
            **dict.fromkeys(empty, False),
            "custom_subject": text,
            "custom_body": Markup("<p>%s</p>") % text,
            "sent_html": Markup("<p>%s</p>") % text,
            "own_attachment_ids": [fields.Command.clear()],
            "chosen_other_ids": [fields.Command.clear()],
            "erased_on": creditors_day(self),
            "erased_rule": rule,
        }

    def _erase_parts(self, rule):
        """Erase the content of the proofs and seals; their checksums stay."""
        self.proof_ids.write({"attachment_id": False})
        self.seal_ids._erase(rule)
        self.reply_ids._erase(rule)

    def _get_own_files_to_erase(self):
        named = self.own_attachment_ids | self.proof_ids.attachment_id
        ours = named.filtered(lambda file: file.res_model in (False, "", self._name))
        return super()._get_own_files_to_erase() | ours

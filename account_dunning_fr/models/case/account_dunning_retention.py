from markupsafe import Markup

from odoo import fields, models


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    def _prepare_erased_vals(self, rule):
        text = self._get_erased_text(rule)
        empty = [
            "sent_address",
            "sent_to",
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
            "erased_on": fields.Date.context_today(self),
            "erased_rule": rule,
        }

    def _erase_parts(self, rule):
        """Empty the registered letters, the proofs, of which the sums stay, and the seals."""
        letters = self.registered_ids
        for letter in letters:
            letter._erase_history()
        letters.write({"address": False, "sent_letter_id": False, "sent_statement_id": False})
        self.proof_ids.write({"attachment_id": False})
        self.seal_ids._erase(rule)

    def _get_own_files_to_erase(self):
        files = super()._get_own_files_to_erase() | self.registered_ids._get_dunning_files()
        ours = ("account.dunning.notice", "account.dunning.registered")
        named = self.own_attachment_ids | self.proof_ids.attachment_id
        return files | named.filtered(lambda file: not file.res_model or file.res_model in ours)


class AccountDunningRegistered(models.Model):
    _inherit = "account.dunning.registered"

    def _erase_history(self):
        """Delete the messages of the history of this letter."""
        self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "=", self.id)]
        ).unlink()

    def _get_dunning_files(self):
        """Return the files attached to these letters."""
        return self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )


class AccountDunningPaymentPlan(models.Model):
    _inherit = "account.dunning.payment.plan"

    def _get_personal_fields(self):
        return ["note", "signer", "signature", "signed_ip", "signed_id", "access_token"]

    def _erase_parts(self, rule):
        self.seal_ids._erase(rule)


class AccountDunningCase(models.Model):
    _inherit = "account.dunning.case"

    def _get_personal_fields(self):
        return ["note", "ground", "amicable_note", "dossier_id", "handover_partner_id"]

    def _erase_parts(self, rule):
        """Empty the pieces and the documents; what each of them was, and its sum, stay."""
        self.piece_ids.write({"attachment_id": False})
        self.document_ids.write({"attachment_id": False, "fingerprint": False})
        self.seal_ids._erase(rule)

    def _get_own_files_to_erase(self):
        pieces = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "account.dunning.case.piece"),
                ("res_id", "in", self.piece_ids.ids),
                "|",
                ("res_field", "=", False),
                ("res_field", "!=", False),
            ]
        )
        return super()._get_own_files_to_erase() | pieces


class AccountDunningCall(models.Model):
    _inherit = "account.dunning.call"

    def _get_personal_fields(self):
        return ["note", "person"]


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _get_dunning_named(self):
        """Return those of these files that a record still names: what is not emptied keeps them."""
        named = self._get_dunning_evidence()
        for model, name in (
            ("account.dunning.case.piece", "attachment_id"),
            ("account.dunning.case.document", "attachment_id"),
            ("account.dunning.notice", "letter_id"),
            ("account.dunning.notice", "own_attachment_ids"),
            ("account.dunning.payment.plan", "signed_id"),
        ):
            named |= self.env[model].sudo().search([(name, "in", self.ids)])[name] & self
        return named

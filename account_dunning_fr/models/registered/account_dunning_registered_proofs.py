from odoo import api, fields, models
from odoo.exceptions import UserError

from .account_dunning_registered import OUTCOMES


class AccountDunningRegistered(models.Model):
    """The files that prove what became of a registered letter, and their erasure at the end."""

    _inherit = "account.dunning.registered"

    proof_ids = fields.One2many("account.dunning.proof", "registered_id", string="Proofs")
    deposit_ids = fields.Many2many(
        "ir.attachment",
        string="Proof of posting",
        compute="_compute_files",
        inverse="_inverse_deposit_ids",
    )
    receipt_ids = fields.Many2many(
        "ir.attachment",
        string="Receipt or returned envelope",
        compute="_compute_files",
        inverse="_inverse_receipt_ids",
    )

    @api.depends("proof_ids.kind")
    def _compute_files(self):
        for letter in self:
            by_kind = letter.proof_ids.grouped("kind")
            empty = self.env["account.dunning.proof"]
            letter.deposit_ids = by_kind.get("deposit", empty).attachment_id
            letter.receipt_ids = by_kind.get("receipt", empty).attachment_id

    def _inverse_deposit_ids(self):
        self._file_proofs("deposit_ids", "deposit")

    def _inverse_receipt_ids(self):
        self._file_proofs("receipt_ids", "receipt")

    def _file_proofs(self, field, kind):
        """Make proofs of the files put in a field; only a manager may withdraw one."""
        for letter in self:
            filed = letter.proof_ids.filtered(lambda proof, kind=kind: proof.kind == kind)
            if filed.attachment_id - letter[field]:
                raise UserError(
                    self.env._(
                        "A proof is not taken out of its letter: a dunning manager may withdraw "
                        "a wrong file."
                    )
                )
            letter._add_proofs(letter[field], kind)

    def _on_files_dropped(self, files):
        """File what is dropped on this letter as proof of it."""
        self._add_proofs(files)

    def _add_proofs(self, attachments, kind=None):
        """File these attachments as proofs of this letter, for any user who may attach files to it.

        :param attachments: ``ir.attachment`` records
        :param str kind: kind of proof; by default a proof of posting, or a receipt once there is
            one or the outcome is known
        """
        self.ensure_one()
        self.check_access("write")
        kind = kind or ("receipt" if self.deposit_ids or self._has_outcome() else "deposit")
        filed = self.sudo().proof_ids.filtered(lambda p: p.attachment_id in attachments)
        filed.filtered(lambda proof: proof.kind != kind).write({"kind": kind})
        new = attachments - filed.attachment_id
        own = new._filter_dunning_owned(self) | new._filter_dunning_owned(self.notice_id)
        if not self.env.su:
            (new - own).check_access("read")  # all who may read the letter may read it
        # The copy belongs to the message: a file attached to the letter becomes a proof by itself.
        taken = [file._take_dunning_over(self.notice_id).id for file in new - own]
        new = own | new.browse(taken)
        self.env["account.dunning.proof"].sudo().create(
            [
                {
                    "notice_id": self.notice_id.id,
                    "registered_id": self.id,
                    "attachment_id": attachment.id,
                    "kind": kind,
                }
                for attachment in new
            ]
        )

    def _has_outcome(self):
        self.ensure_one()
        return any(self[field] for field in OUTCOMES)

    # -- Erasure, once the law no longer allows the files to be kept -------------------------------

    def _erase_history(self):
        """Delete the messages in the history of this letter."""
        self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "=", self.id)]
        ).unlink()

    def _get_dunning_files(self):
        """Return the files attached to these letters."""
        return self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )

import hashlib

from odoo import api, models
from odoo.exceptions import UserError

CONTENT = {"raw", "datas", "db_datas", "store_fname", "res_model", "res_id", "type", "url"}


class IrAttachment(models.Model):
    """The files of messages that were sent, and their proofs, stay as they are.

    A file dropped on a registered letter becomes one of its proofs.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        dropped = attachments.filtered(
            lambda a: a.res_model == "account.dunning.registered" and a.res_id and not a.res_field
        )
        for res_id, files in dropped.grouped("res_id").items():
            self.env["account.dunning.registered"].browse(res_id)._add_proofs(files)
        return attachments

    def write(self, vals):
        kept = self._get_dunning_evidence() if CONTENT.intersection(vals) else self.browse()
        before = {evidence: evidence._get_dunning_identity() for evidence in kept}
        result = super().write(vals)
        changed = kept.filtered(lambda a: a._get_dunning_identity() != before[a])
        changed._refuse_dunning_evidence(
            self.env._("The file %s is evidence of a message that was sent: it stays as it is.")
        )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_evidence(self):
        self._get_dunning_evidence()._refuse_dunning_evidence(
            self.env._("The file %s is evidence of a message that was sent: it is not deleted.")
        )

    def _get_dunning_evidence(self):
        """Return those of these files that prove what was sent, or how it was received."""
        if not self.ids:
            return self.browse()
        sent = (
            self.env["account.dunning.notice"]
            .sudo()
            .search(
                [
                    ("state", "=", "sent"),
                    "|",
                    "|",
                    ("letter_id", "in", self.ids),
                    ("statement_id", "in", self.ids),
                    ("account_statement_id", "in", self.ids),
                ]
            )
        )
        letters = sent.letter_id | sent.statement_id | sent.account_statement_id
        proofs = (
            self.env["account.dunning.proof"].sudo().search([("attachment_id", "in", self.ids)])
        )
        return (letters | proofs.attachment_id) & self

    def _get_dunning_identity(self):
        """Return what must not change in a file that is evidence."""
        self.ensure_one()
        content = self.sudo().raw or b""
        return hashlib.sha256(content).digest(), self.res_model, self.res_id

    def _refuse_dunning_evidence(self, message):
        """:raise UserError: with this message and the name of the first of these files"""
        if self:
            raise UserError(message % self[0].sudo().name)

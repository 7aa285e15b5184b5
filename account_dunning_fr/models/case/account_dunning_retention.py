from odoo import models


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

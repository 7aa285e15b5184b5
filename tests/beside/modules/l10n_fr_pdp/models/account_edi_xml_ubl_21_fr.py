from odoo import models


class AccountEdiXmlUbl21Fr(models.AbstractModel):
    """Odoo's French UBL: its notes stand apart, each behind its code."""

    _name = "account.edi.xml.ubl_21_fr"
    _inherit = ["account.edi.xml.ubl_bis3"]
    _description = "UBL 2.1 FR"

    def _add_invoice_header_nodes(self, document_node, vals):
        super()._add_invoice_header_nodes(document_node, vals)
        note = document_node.get("cbc:Note")
        told = vals["invoice"]._l10n_fr_pdp_get_default_notes().items()
        document_node["cbc:Note"] = [
            *([note] if note else []),
            *({"_text": f"#{code}#{text}"} for code, text in told),
        ]

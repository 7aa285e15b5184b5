from odoo import models

# For Odoo's French platform, which takes each mention as its own note (account_dunning_fr_pdp).
FRENCH = "account.edi.xml.ubl_21_fr"


class AccountEdiXmlUblBis3(models.AbstractModel):
    _inherit = "account.edi.xml.ubl_bis3"

    def _add_invoice_header_nodes(self, document_node, vals):
        """Write the mentions into the note of the document, each after its code (BT-21).

        A single note holds them all: Peppol allows no second one (rule PEPPOL-EN16931-R002).
        """
        super()._add_invoice_header_nodes(document_node, vals)
        if self._name == FRENCH:
            return
        invoice = vals["invoice"]
        mentions = invoice.with_context(lang=invoice.partner_id.lang)._get_dunning_mentions()
        node = document_node.get("cbc:Note")
        if not mentions or isinstance(node, list):  # another module writes several notes
            return
        present = (node or {}).get("_text") or ""
        texts = [f"#{code}#{text}" for code, text in mentions if f"#{code}#" not in present]
        document_node["cbc:Note"] = {"_text": "\n".join(filter(None, [present, *texts]))}

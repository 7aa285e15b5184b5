from odoo import models

from .cii_document import CiiDocument


class AccountEdiXmlCii(models.AbstractModel):
    _inherit = "account.edi.xml.cii"

    def _export_invoice(self, invoice):
        """Complete the Factur-X file of an invoice whose creditor prints the mentions."""
        content, errors = super()._export_invoice(invoice)
        told = invoice.with_context(lang=invoice.partner_id.lang)
        if notes := told._get_dunning_mentions():
            content = self._complete_dunning(content, told.sudo(), notes)
        return content, errors

    def _complete_dunning(self, content, invoice, notes):
        """Return the file completed with what the rules BR-FR require and the books know.

        :param bytes content: the file as Odoo generates it
        :param notes: list of ``(code, text)``
        """
        document = CiiDocument(content)
        for code, text in notes:
            document.add_note(code, text)
        document.name_lines()
        if framework := invoice._get_dunning_framework():
            document.set_framework(framework)
        parties = {
            "Seller": invoice.company_id.partner_id.commercial_partner_id,
            "Buyer": invoice.commercial_partner_id,
        }
        for role, partner in parties.items():
            if siren := partner._get_dunning_siren():
                document.set_party(role, siren, partner._get_dunning_siret())
        corrected = invoice.reversed_entry_id
        if corrected.invoice_date:
            document.set_corrected(corrected.name, corrected.invoice_date)
        return document.to_bytes()

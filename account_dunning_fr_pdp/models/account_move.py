from odoo import models
from odoo.addons.account_dunning_fr.core.invoice_mentions import PMD, PMT


class AccountMove(models.Model):
    """What the platform is told about an invoice: what letters will claim, and receipts."""

    _inherit = "account.move"

    def _l10n_fr_pdp_get_default_notes(self):
        """State on late payment what the paper invoice and the letters state, and nothing else.

        The module has a rate of its own. A consumer owes neither penalties nor indemnity (C. com.
        L. 441-10), so his invoice mentions none, whatever the rules on notes require.

        :return: ``{code: text}``, as in the module; unchanged while the mentions are switched off
        """
        notes = super()._l10n_fr_pdp_get_default_notes()
        if not notes:
            return notes
        told = self.with_context(lang=self.partner_id.lang)
        if mentions := dict(told._get_dunning_mentions()):
            return {**notes, **mentions}
        if self.sudo()._get_dunning_mentioned_regime() == "b2c":
            return {code: text for code, text in notes.items() if code not in (PMD, PMT)}
        return notes

    def _pdp_get_paid_amount(self):
        """Return the money received, and nothing else.

        This amount is the base for VAT on receipts (CGI 269): a transfer to doubtful customers (PCG
        416), a set-off, a loss or an amount written off with a payment is no receipt.
        """
        self.ensure_one()
        items = self.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return self.company_currency_id.round(items._get_dunning_cash())

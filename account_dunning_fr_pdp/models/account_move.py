from odoo import models
from odoo.addons.account_dunning_fr.core.invoice_mentions import PMD, PMT


class AccountMove(models.Model):
    """What the platform is told of an invoice: what letters will claim, the money that came."""

    _inherit = "account.move"

    def _l10n_fr_pdp_get_default_notes(self):
        """Say of late payment what the paper and the letters say, and nothing else.

        The module has a rate of its own. A consumer owes neither penalties nor indemnity
        (C. com. L. 441-10), and reads of none, whatever the rules on notes ask for.

        :return: ``{code: text}``, as the module's own; unchanged while the mentions are off
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
        """Return the money that came, and nothing else.

        Its amount is what VAT on receipts is due on (CGI 269): a transfer to doubtful customers
        (PCG 416), a set-off, a loss or what is written off with a payment is no receipt.
        """
        self.ensure_one()
        items = self.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return self.company_currency_id.round(items._get_dunning_cash())

from odoo import models


class AccountMove(models.Model):
    """What is reported to the platform as collected is money that came, and nothing else.

    Its amount is what VAT on receipts is due on (CGI 269): a transfer to doubtful customers (PCG
    416), a set-off, a loss or what is written off with a payment is no receipt.
    """

    _inherit = "account.move"

    def _pdp_get_paid_amount(self):
        self.ensure_one()
        items = self.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return self.company_currency_id.round(items._get_dunning_cash())

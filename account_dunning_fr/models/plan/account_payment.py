from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _get_dunning_debit_names(self):
        """Return further names of the direct debit of this payment at the bank.

        Odoo stores neither the end-to-end identification nor the mandate: an addon that creates the
        bank files, and stores them, adds them here.

        :return: list of texts
        """
        self.ensure_one()
        return []

    def _get_dunning_items(self):
        """Return the receivable items of the invoices for which these payments were registered."""
        return self.invoice_ids.line_ids._filter_dunning_receivable()

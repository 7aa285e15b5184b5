"""Indexes for the sums of the dashboard: without them each opening reads the whole ledger."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # Sales by day, from the index alone.
    _dunning_sales_idx = models.Index(
        "(date) INCLUDE (company_id, amount_total_signed, amount_untaxed_signed, "
        "commercial_partner_id, currency_id) "
        "WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

"""Indexes for what the dashboard adds up: without them each opening reads the whole ledger."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # The sales by day, from the index alone.
    _dunning_sales_idx = models.Index(
        "(date) INCLUDE (company_id, amount_total_signed, amount_untaxed_signed, "
        "commercial_partner_id, currency_id) "
        "WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # The balance of the receivable accounts on a day, from the index alone: the control line reads
    # every item ever posted on them.
    _dunning_balance_idx = models.Index(
        "(account_id, date) INCLUDE (company_id, balance) WHERE parent_state = 'posted'"
    )

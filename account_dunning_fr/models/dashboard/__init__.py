"""Figures: dashboard, quality list, receipts, monthly report."""

from . import (
    account_dunning_dashboard,
    account_dunning_dashboard_tiles,
    account_dunning_dashboard_monthly,
    account_dunning_outlook,
    account_dunning_receipt_report,
    account_dunning_quality,
    account_dunning_insured,
    account_dunning_penalty,
    account_dunning_case,
    account_move_line,
    account_move,
    res_company,
    account_dunning_shortcut,
)

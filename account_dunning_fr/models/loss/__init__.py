"""Bad debts: doubtful customers at a closing, depreciation, losses, VAT to recover."""

from . import (
    account_dunning_bad_debt,
    account_dunning_impairment_rule,
    account_dunning_vat_wording,
    account_dunning_impairment,
    account_dunning_vat_relief,
    account_dunning_vat_relief_booking,
    account_dunning_vat_relief_line,
    account_move,
    account_move_line,
    account_partial_reconcile,
    res_company,
    res_config_settings,
    account_dunning_shortcut,
    account_dunning_today,
    account_dunning_chronology,
)

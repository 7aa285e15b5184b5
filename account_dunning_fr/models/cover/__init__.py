"""Who shares the risk of a claim or holds it: the credit insurer, the factor, the agency."""

from . import (
    account_dunning_cover,
    account_dunning_customer,
    account_dunning_assignment_wording,
    account_dunning_convention,
    account_dunning_assignment,
    account_dunning_assignment_line,
    account_dunning_agency_receipt,
    account_dunning_hand,
    account_dunning_hold,
    account_dunning_notice,
    account_dunning_insurance,
    account_dunning_insured,
    account_dunning_payment_plan,
    account_dunning_chronology,
    account_dunning_route,
    account_dunning_shortcut,
    account_dunning_today,
    account_move,
    res_config_settings,
    res_partner,
)

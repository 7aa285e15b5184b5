"""Who bears a debt besides us, and until when he is told of it: the credit insurer."""

from . import (
    account_dunning_cover,
    account_dunning_customer,
    account_dunning_hand,
    account_dunning_insurance,
    account_dunning_insured,
    account_dunning_payment_plan,
    account_dunning_shortcut,
    account_dunning_today,
    account_move,
    res_config_settings,
    res_partner,
)

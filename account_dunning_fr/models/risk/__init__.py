"""What is known of a customer before giving credit, and how it is kept up to date."""

from . import (
    account_dunning_check,
    account_dunning_customer,
    account_dunning_register,
    account_dunning_risk,
    account_dunning_shortcut,
    account_dunning_today,
    res_company,
    res_config_settings,
    res_partner,
)

"""Registered letters: posting, first presentation, receipt, and the providers that send them."""

from . import (
    account_dunning_registered_provider,
    account_dunning_registered_transmission,
    account_dunning_registered,
    account_dunning_registered_proofs,
    account_dunning_registered_again,
    account_dunning_proof,
    res_company,
    account_dunning_notice,
    account_dunning_chronology,
    account_dunning_today,
    res_partner,
    account_dunning_shortcut,
    res_config_settings,
)

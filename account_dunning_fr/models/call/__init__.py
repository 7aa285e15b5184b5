"""Calls, their scripts, and the hours at which one may call."""

from . import (
    account_dunning_call,
    account_dunning_call_script,
    account_dunning_chronology,
    account_dunning_customer,
    account_dunning_notice,
    account_dunning_today,
    account_move,
    res_company,
    res_partner,
    account_dunning_shortcut,
    res_config_settings,
)

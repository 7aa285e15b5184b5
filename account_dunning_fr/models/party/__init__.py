"""Creditor and debtor: SIREN, legal regime, language, address, bank account."""

from . import (
    res_company,
    res_config_settings,
    french_numbers,
    account_dunning_customer,
    res_partner,
    res_partner_bank,
    account_move,
)

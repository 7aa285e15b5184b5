"""Who is the creditor and who is the debtor: SIREN, regime, language, address, account."""

from . import (
    res_company,
    res_config_settings,
    french_numbers,
    account_dunning_customer,
    res_partner,
    res_partner_bank,
    account_move,
)

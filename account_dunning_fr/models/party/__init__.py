"""Who is the creditor and who is the debtor: SIREN, regime, language, address, recipient."""

from . import (
    res_company,
    res_config_settings,
    french_numbers,
    account_dunning_customer,
    res_partner,
)

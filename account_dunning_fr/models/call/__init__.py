from . import (
    account_dunning_call,
    account_dunning_call_script,
    account_dunning_notice,
    res_company,
    res_partner,
)

from . import (
    account_dunning_call,
    account_dunning_call_script,
    res_company,
    res_partner,
)

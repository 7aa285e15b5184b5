from . import (
    account_dunning_call,
    account_dunning_call_script,
    res_partner_contact,
    account_dunning_call_contact,
)

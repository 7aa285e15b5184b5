from . import (
    account_dunning_level,
    account_dunning_policy,
    ir_default,
    res_partner_profile,
)

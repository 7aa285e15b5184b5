from . import (
    account_dunning_registered,
    account_dunning_registered_provider,
    account_dunning_notice_registered,
    account_dunning_registered_posting,
    account_dunning_registered_proofs,
    account_dunning_registered_today,
    account_dunning_registered_again,
    res_partner_lre,
)

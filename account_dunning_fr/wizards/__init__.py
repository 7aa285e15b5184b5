from . import (
    account_dunning_call_outcome,
    account_dunning_postpone,
    account_dunning_statement,
    account_dunning_waive,
    base_partner_merge,
)

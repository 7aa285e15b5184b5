from . import (
    account_dunning_golive,
    account_dunning_letters,
    account_dunning_postpone,
    account_dunning_preview,
    account_dunning_statement,
    account_dunning_waive,
    base_partner_merge,
)

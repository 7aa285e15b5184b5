from . import (
    account_dunning_account_statement,
    account_dunning_aged_balance,
    account_dunning_booking,
    account_dunning_postpone,
    account_dunning_statement,
    account_dunning_waive,
    account_dunning_year_end,
    base_partner_merge,
)

from . import (
    account_dunning_booking,
    account_dunning_commune_import,
    account_dunning_call_outcome,
    account_dunning_golive,
    account_dunning_letters,
    account_dunning_postpone,
    account_dunning_preview,
    account_dunning_statement,
    account_dunning_waive,
    account_dunning_year_end,
    base_partner_merge,
)

from . import (
    account_dunning_case_prepare,
    account_dunning_case_steps,
    account_dunning_commune_import,
    account_dunning_postpone,
    account_dunning_statement,
    account_dunning_waive,
    base_partner_merge,
)

from . import (
    account_dunning_commune_import,
    account_dunning_postpone,
    account_dunning_statement,
    account_dunning_waive,
    base_partner_merge,
)

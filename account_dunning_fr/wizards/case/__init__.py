from . import (
    account_dunning_case_prepare,
    account_dunning_case_steps,
    account_dunning_commune_import,
)

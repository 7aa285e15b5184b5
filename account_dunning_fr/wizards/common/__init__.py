from . import (
    account_dunning_spreadsheet,
    account_dunning_account_statement,
    account_dunning_aged_balance,
    account_dunning_chronology_page,
    account_dunning_retention_page,
)

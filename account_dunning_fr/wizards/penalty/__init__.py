from . import (
    account_dunning_booking,
    account_dunning_statement,
    account_dunning_waive,
    account_dunning_year_end,
)

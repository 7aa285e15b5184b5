from . import (
    account_dunning_monthly,
    account_dunning_person,
    account_dunning_dates,
)

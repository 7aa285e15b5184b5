from . import (
    account_dunning_monthly,
    account_dunning_person,
)

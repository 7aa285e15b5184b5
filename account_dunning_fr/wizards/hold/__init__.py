from . import (
    account_dunning_postpone,
)

from . import (
    account_dunning_call_outcome,
)

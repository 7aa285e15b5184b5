from . import (
    account_dunning_registered_entry,
)

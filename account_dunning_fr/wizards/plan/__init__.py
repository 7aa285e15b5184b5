from . import (
    account_dunning_return_import,
    account_dunning_return_link,
    account_dunning_unmatched,
)

from . import (
    account_dunning_return_link,
)

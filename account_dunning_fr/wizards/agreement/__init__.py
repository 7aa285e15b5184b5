from . import (
    account_dunning_einvoice_entry,
    account_dunning_einvoice_import,
    account_dunning_golive,
)

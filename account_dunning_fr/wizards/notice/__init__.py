from . import (
    account_dunning_account_statement,
    account_dunning_chase,
    account_dunning_golive,
    account_dunning_letters,
    account_dunning_posting,
    account_dunning_preview,
    account_dunning_reply_forward,
    account_dunning_undo_invoice,
)

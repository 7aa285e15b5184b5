from . import (
    account_dunning_chronology_page,
    account_dunning_postpone,
    account_dunning_registered_entry,
    account_dunning_statement,
    account_dunning_undo_invoice,
    account_dunning_waive,
    base_partner_merge,
)

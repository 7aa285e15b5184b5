from . import (
    account_dunning_spreadsheet,  # before what extends it
    account_dunning_account_statement,
    account_dunning_aged_balance,
    account_dunning_booking,
    account_dunning_case_prepare,
    account_dunning_case_prepare_request,
    account_dunning_case_steps,
    account_dunning_commune_import,
    account_dunning_call_outcome,
    account_dunning_golive,
    account_dunning_golive_profile,
    account_dunning_letters,
    account_dunning_monthly,
    account_dunning_chronology_page,
    account_dunning_postpone,
    account_dunning_preview,
    account_dunning_registered_entry,
    account_dunning_statement,
    account_dunning_undo_invoice,
    account_dunning_waive,
    account_dunning_year_end,
    base_partner_merge,
    account_dunning_dates,  # after the dialogs that it extends
    account_dunning_dialogs,  # likewise
)

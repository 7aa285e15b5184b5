from . import (
    account_dunning_brake,
    account_dunning_case,
    account_dunning_case_piece,
    account_dunning_chronology,
    account_dunning_customer,
    account_dunning_level,
    account_dunning_release,
    payment_transaction,
    sale_order,
)

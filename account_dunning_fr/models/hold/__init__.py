from . import (
    account_dunning_hold,
    account_move_einvoice,
    account_dunning_hold_review,
    res_partner_restriction,
)

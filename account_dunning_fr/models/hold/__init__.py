from . import (
    account_dunning_hold,
    account_dunning_chronology,
    account_dunning_retention,
    account_move,
    res_partner,
)

from . import (
    account_dunning_hold,
    account_move,
    res_partner,
)

from . import (
    account_dunning_brake,
    account_dunning_case,
    account_dunning_case_piece,
    account_dunning_insolvency,
    account_dunning_level,
    account_dunning_wording,
    stock_move,
    stock_picking,
)

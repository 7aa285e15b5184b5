from . import account_dunning_case, account_dunning_case_piece

from . import account_move, account_move_line, account_peppol_response

from . import account_move, account_peppol_response

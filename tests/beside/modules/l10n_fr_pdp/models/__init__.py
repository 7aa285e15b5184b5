from . import account_edi_xml_ubl_21_fr, account_move, account_peppol_response

# First what Odoo's models have in this room, then what writes the e-invoices.
from . import (
    res_company,
    res_config_settings,
    account_move,
    account_edi_xml_cii,
    account_edi_xml_ubl_bis3,
)

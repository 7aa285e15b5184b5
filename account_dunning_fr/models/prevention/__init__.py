# First the extensions of Odoo's models, then what writes the e-invoices.
from . import (
    account_dunning_terms,
    res_company,
    res_config_settings,
    res_partner,
    product_category,
    account_move,
    account_edi_xml_cii,
    account_edi_xml_ubl_bis3,
)

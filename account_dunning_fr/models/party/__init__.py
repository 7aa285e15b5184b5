from . import (
    res_company,
    res_config_settings,
    french_numbers,
    res_partner,
)

"""Why somebody or something is not chased, and until when."""

from . import (
    account_dunning_hold,
    account_dunning_chronology,
    account_dunning_customer,
    account_dunning_retention,
    account_move,
    res_partner,
)

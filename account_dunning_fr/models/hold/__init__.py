"""Why someone or something is not chased, and until when; who is in charge of an item."""

from . import (
    account_dunning_following,
    account_dunning_hold,
    account_dunning_hand,
    account_dunning_chronology,
    account_dunning_customer,
    account_dunning_retention,
    account_move,
    res_company,
    res_partner,
)

# The order of the rooms is that of the models.
from . import (
    common,
    party,
    hold,
    plan,
    penalty,
    notice,
    registered,
    agreement,
    call,
    case,
    loss,
    risk,
    cover,
    dashboard,
)

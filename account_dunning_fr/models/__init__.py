# The order matters: a room uses what is imported before it, never what comes after it.
from . import (
    common,
    party,
    policy,
    hold,
    plan,
    penalty,
    prevention,
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

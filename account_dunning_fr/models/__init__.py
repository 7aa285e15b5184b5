# The order counts: a room knows what stands above it, never what stands below.
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

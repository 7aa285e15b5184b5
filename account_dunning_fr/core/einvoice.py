"""What a status of the e-invoice's life cycle means for dunning (XP Z12-012).

House rule: a status that says that the customer contests, or never received the invoice, stops
its dunning until a person looked at it; one that announces money leaves time for it to arrive.
"""

from __future__ import annotations

PROOF, NORMAL = "proof", "normal"
DISPUTE, DISPUTE_PART = "dispute", "dispute_part"
NEVER_RECEIVED, GRACE, COLLECTED = "never_received", "grace", "collected"

TREATMENTS = {
    "200": PROOF,  # deposited
    "201": PROOF,  # issued
    "202": PROOF,  # received
    "203": PROOF,  # made available
    "204": NORMAL,  # taken in charge
    "205": NORMAL,  # approved
    "206": DISPUTE_PART,  # approved in part
    "207": DISPUTE,  # disputed
    "208": DISPUTE,  # suspended
    "210": DISPUTE,  # refused
    "211": GRACE,  # payment sent
    "212": COLLECTED,
    "213": NEVER_RECEIVED,  # rejected
}
STOPS = frozenset((DISPUTE, DISPUTE_PART, NEVER_RECEIVED, GRACE, COLLECTED))


def treatment(code: str) -> str | None:
    """Return what a status means for dunning, or None for a status that means nothing to it.

    >>> treatment("210"), treatment("211"), treatment("209")
    ('dispute', 'grace', None)
    """
    return TREATMENTS.get(code)

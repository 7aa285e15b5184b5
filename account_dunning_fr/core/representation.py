"""Where a lawyer is compulsory: above 10,000 euros (CPC 761 and 853).

An order to pay is asked without one; after an opposition the hearing needs one, and before the
tribunal judiciaire he is appointed within 15 days of its notification (CPC 1418, 1419).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .claim import ORDERS, Facts, Finding, RouteFacts

LAWYER_FREE_MAX = Decimal(10000)


def lawyer_reason(facts: RouteFacts) -> tuple[str, ...]:
    """Return the reason to add to a way that begins with a hearing."""
    return ("lawyer",) if facts.total > LAWYER_FREE_MAX else ()


def representation(facts: Facts, total: Decimal) -> Iterator[Finding]:
    """Say that a lawyer is compulsory: at once in a hearing, else once the debtor opposes."""
    if total <= LAWYER_FREE_MAX:
        return
    source = "CPC 853" if facts.commercial else "CPC 761, 1418, 1419"
    if facts.route in ("summons", "interim"):
        yield Finding("lawyer", "warning", (), source)
    elif facts.route in ORDERS:
        yield Finding("lawyer_opposition", "warning", (), source)

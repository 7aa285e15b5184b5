"""Where a lawyer is compulsory: above 10,000 euros (CPC 761 and 853).

An order to pay is requested without one; after an opposition the hearing requires one, and before
the tribunal judiciaire the lawyer is appointed within 15 days of its notification (CPC 1418, 1419).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .claim import ORDERS, Facts, Finding, RouteFacts

LAWYER_FREE_MAX = Decimal(10000)
WITHOUT_LAWYER = ("european_small", "mediation", "agency", "insurer")


def lawyer_reason(facts: RouteFacts) -> tuple[str, ...]:
    """Return the reason to add to a route that begins with a hearing."""
    return ("lawyer",) if facts.total > LAWYER_FREE_MAX else ()


def lawyer_need(route: str, total: Decimal) -> str:
    """Return whether a route requires a lawyer for a claim of this amount.

    "no"; "yes" for what begins with a hearing above the threshold; "if_opposed" for an order above
    it; "check" if no text that was seen says so.

    >>> [lawyer_need("order_commercial", Decimal(total)) for total in (10000, 10001)]
    ['no', 'if_opposed']
    """
    above = total > LAWYER_FREE_MAX
    if route in ORDERS:
        return "if_opposed" if above else "no"
    if route in ("summons", "interim"):
        return "yes" if above else "no"
    return "no" if route in WITHOUT_LAWYER else "check"


def representation(facts: Facts, total: Decimal) -> Iterator[Finding]:
    """Report that a lawyer is compulsory: at once for a hearing, else once the debtor opposes."""
    if total <= LAWYER_FREE_MAX:
        return
    source = "CPC 853" if facts.commercial else "CPC 761, 1418, 1419"
    if facts.route in ("summons", "interim"):
        yield Finding("lawyer", "warning", (), source)
    elif facts.route in ORDERS:
        yield Finding("lawyer_opposition", "warning", (), source)

"""A debtor established in another member state of the European Union.

The European order for payment (regulation 1896/2006) and the European small claims procedure
(regulation 861/2007, up to 5,000 euros without interest and costs) do not bind Denmark. Which
court: regulation 1215/2012 (Brussels I bis), which binds it by the agreement of 19 October 2005.
"""

from __future__ import annotations

from decimal import Decimal

from .claim import Advice, Finding, RouteFacts
from .representation import lawyer_reason

EUROPEAN_SMALL_MAX = Decimal(5000)  # regulation 861/2007 art. 2
_COURTS = "règlement (UE) 1215/2012 art. 4, 7, 18, 25"
FINDINGS = {
    "europe": Finding("in_europe", "warning", (), _COURTS),
    "denmark": Finding("in_denmark", "warning", (), _COURTS),
}


def across_borders(route: str, facts: RouteFacts) -> Advice:
    """Return the standing of a route against a debtor in another member state."""
    denmark = facts.place == "denmark"
    place = "in_denmark" if denmark else "in_europe"
    if route == "european":
        source = "règlement (CE) 1896/2006, CPC 1424-1"
        return Advice(route, "closed" if denmark else "advised", (place,), source)
    if route == "european_small":
        return _european_small(facts, place)
    if route == "summons":
        standing = "advised" if denmark else "possible"
        reasons = (place, "brussels", *lawyer_reason(facts))
        return Advice(route, standing, reasons, _COURTS)
    return Advice(route, "closed", (place,), "CPC 1406")


def _european_small(facts: RouteFacts, place: str) -> Advice:
    source = "règlement (CE) 861/2007, CPC 1382"
    principal = facts.total if facts.principal is None else facts.principal
    if facts.place == "denmark":
        return Advice("european_small", "closed", (place,), source)
    if principal > EUROPEAN_SMALL_MAX:
        return Advice("european_small", "closed", ("above_european",), source)
    return Advice("european_small", "possible", ("written",), source)

"""The route chosen for a file, by the rule that gives the advice, and what follows from the route.

A route that the advice calls closed is closed in the examination too: "forbidden" where a text
leaves no room (an amount, insolvency, a public body, a consumer), "warning" where it depends on how
a person reads the facts. A court of the wrong kind or of another place declines to hear a request
(CPC 1406).
"""

from __future__ import annotations

from collections.abc import Iterator

from .amicable import AMICABLE
from .claim import (
    AFTER_LIQUIDATION,
    CLAIMS,
    ORDERS,
    OUT_OF_COURT,
    Advice,
    Facts,
    Finding,
    RouteFacts,
)
from .money import ZERO
from .route import advise_on

# Reasons that close a route and are told by a finding of their own.
_TOLD = {"insolvent", "public", "contested", "only_merchants"}
# Reasons that depend on who the parties are, where they are, and how a text is read.
_READ = {"merchant", "not_merchant", "not_consumer", "between_merchants", "abroad", "in_europe"}
_EUROPEAN = ("european", "european_small")


def route_facts(facts: Facts) -> RouteFacts:
    """Return what the advice looks at, of the facts of an examination."""
    left = sum((item.left for item in facts.items), ZERO)
    return RouteFacts(
        regime=facts.regime,
        merchant=facts.merchant,
        total=facts.claimed or left,
        place=facts.place,
        insolvent=any(item.frozen for item in facts.items),
        disputed=any(item.disputed for item in facts.items),
        uncontested=facts.uncontested,
        principal=left if facts.principal is None else facts.principal,
        liquidated=any(item.liquidated for item in facts.items),
    )


def advice_on_chosen(facts: Facts) -> Advice | None:
    """Return the advice on the route chosen, or None while none was chosen.

    >>> from datetime import date
    >>> facts = Facts(date(2026, 6, 1), (), "b2c", route="order_commercial")
    >>> advice_on_chosen(facts).standing, [finding.level for finding in closed(facts)]
    ('closed', ['forbidden'])
    """
    return advise_on(facts.route, route_facts(facts)) if facts.route else None


def closed(facts: Facts) -> Iterator[Finding]:
    """Report a route that is closed, and a court that is not one for it."""
    advice = advice_on_chosen(facts)
    if advice and advice.standing == "closed" and not _TOLD.issuperset(advice.reasons):
        reads = _READ.issuperset(advice.reasons) or (
            "in_denmark" in advice.reasons and facts.route not in _EUROPEAN
        )
        level = "warning" if reads or facts.route in AMICABLE else "forbidden"
        yield Finding("route_closed", level, (), advice.source)
    if facts.court_fault:
        yield Finding(f"court_{facts.court_fault}", "warning", (), "CPC 42, 1406")


def insolvency(facts: Facts) -> Iterator[Finding]:
    """Report open proceedings, which stop every action, and a liquidation that was closed."""
    frozen = tuple(item.key for item in facts.items if item.frozen)
    if frozen:
        yield Finding("insolvent", "forbidden", frozen, "C. com. L. 622-21")
    if liquidated := tuple(item.key for item in facts.items if item.liquidated):
        yield Finding("liquidated", "warning", liquidated, AFTER_LIQUIDATION)
    elif not frozen:
        yield Finding("solvent", "ok")


# -- What the words of a finding depend on -----------------------------------------------------

# What interrupts the limitation on a route: the code of its words, and the source.
_BY_SERVICE = ("order", "Cass. 1re civ. 09/09/2020 n° 19-12.006")
_INTERRUPTED = {
    "": ("any", "C. civ. 2240, 2241, 2244"),
    **dict.fromkeys((*ORDERS, "european"), _BY_SERVICE),
    **dict.fromkeys(CLAIMS, ("claim", "C. civ. 2241")),
    **dict.fromkeys(OUT_OF_COURT, ("apart", "C. civ. 2240, 2241, 2244")),
    "administrative": ("public", "loi 68-1250 art. 2"),
    "declaration": ("declaration", "C. com. L. 622-25-1"),
    "uncontested": ("uncontested", ""),
}


def interrupted_by(route: str | None) -> tuple[str, str]:
    """Return what interrupts the limitation on a route, as a code, and its source.

    >>> interrupted_by("summons"), interrupted_by("agency")[0]
    (('claim', 'C. civ. 2241'), 'apart')
    """
    return _INTERRUPTED[route or ""]


def words_of(code: str, route: str | None) -> str:
    """Return which words a finding has on a route; an empty string where they are the same on all.

    >>> words_of("disputed", "order_judicial"), words_of("disputed", "summons")
    ('order', 'claim')
    >>> words_of("conciliation", "summons"), words_of("due", "summons")
    ('claim', '')
    """
    if code in ("limit_near", "disputed"):
        return interrupted_by(route)[0]
    if code in ("conciliation", "mentions"):
        return "order" if not route or route in ORDERS else "claim"
    return ""

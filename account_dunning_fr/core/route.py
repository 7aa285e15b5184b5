"""Which routes lead to a title, and why: advice with reasons, never a verdict.

>>> facts = RouteFacts("b2b", True, Decimal(8000), "france")
>>> [advice.route for advice in advise(facts) if advice.standing == "advised"]
['order_commercial']
"""

from __future__ import annotations

from decimal import Decimal

from .amicable import AMICABLE, is_listed, settle
from .claim import PUBLIC_LAW, Advice, RouteFacts
from .cross_border import across_borders
from .representation import lawyer_reason

SMALL_CLAIM_MAX = Decimal(5000)  # CPCE R. 125-1, principal and interest
ROUTES = (
    "order_commercial",
    "order_judicial",
    "order_protection",
    "small_claim",
    "interim",
    "summons",
    "european",
    "european_small",
    "administrative",
    "declaration",
    "uncontested",
    *AMICABLE,
)
_HEARING = "CPC 761, 853"


def advise(facts: RouteFacts) -> tuple[Advice, ...]:
    """Return every route with its standing; what is switched off is not listed."""
    off = () if facts.uncontested else ("uncontested",)
    titles = tuple(route for route in ROUTES if route not in (*AMICABLE, *off))
    others = tuple(settle(route, facts) for route in AMICABLE if is_listed(route, facts))
    return (*_advise_titles(titles, facts), *others)


def advise_on(route: str, facts: RouteFacts) -> Advice:
    """Return the standing of one route, whether it is listed or not."""
    return settle(route, facts) if route in AMICABLE else _advise_titles((route,), facts)[0]


def _advise_titles(routes: tuple[str, ...], facts: RouteFacts) -> tuple[Advice, ...]:
    if not facts.insolvent and facts.regime != "b2g" and facts.place in ("europe", "denmark"):
        return tuple(across_borders(name, facts) for name in routes)
    only = _only_way(facts)
    if only:
        route, reason, source = only
        return tuple(
            Advice(name, "advised" if name == route else "closed", (reason,), source)
            for name in routes
        )
    return tuple(_ADVISERS[name](facts) for name in routes)


def _only_way(facts: RouteFacts) -> tuple[str, str, str] | None:
    if facts.insolvent:
        return "declaration", "insolvent", "C. com. L. 622-21, L. 622-24"
    if facts.regime == "b2g":
        return "administrative", "public", PUBLIC_LAW
    if facts.place == "abroad":
        return "summons", "abroad", "CPC 1406"
    return None


def _standing(facts: RouteFacts) -> tuple[str, tuple[str, ...]]:
    """An order to pay before the right court: a dispute makes an opposition likely."""
    if facts.liquidated:
        return "possible", ("after_liquidation",)
    return ("possible", ("opposition_likely",)) if facts.disputed else ("advised", ("order",))


def _order_commercial(facts: RouteFacts) -> Advice:
    source = "C. com. L. 721-3, CPC 1405, 1406"
    if facts.regime == "b2c":
        return Advice("order_commercial", "closed", ("consumer",), source)
    if facts.merchant is False:
        return Advice("order_commercial", "closed", ("not_merchant",), source)
    standing, reasons = _standing(facts)
    if facts.merchant is None:
        standing, reasons = "possible", (*reasons, "merchant_unknown")
    return Advice("order_commercial", standing, reasons, source)


def _order_judicial(facts: RouteFacts) -> Advice:
    source = "CPC 1405, 1406"
    if facts.regime != "b2c" and facts.merchant:
        return Advice("order_judicial", "closed", ("merchant",), source)
    standing, reasons = _standing(facts)
    if facts.regime != "b2c" and facts.merchant is None:
        standing, reasons = "possible", (*reasons, "merchant_unknown")
    return Advice("order_judicial", standing, reasons, source)


def _order_protection(facts: RouteFacts) -> Advice:
    if facts.regime == "b2c":
        return Advice("order_protection", "possible", ("credit_or_lease",), "CPC 1406")
    return Advice("order_protection", "closed", ("not_consumer",), "CPC 1406")


def _small_claim(facts: RouteFacts) -> Advice:
    source = "CPCE L. 125-1, R. 125-1"
    if facts.total > SMALL_CLAIM_MAX:
        return Advice("small_claim", "closed", ("above_small",), source)
    if facts.regime == "b2b" and facts.merchant:
        return Advice("small_claim", "closed", ("between_merchants",), source)
    return Advice("small_claim", "possible", ("silence_refuses",), source)


def _interim(facts: RouteFacts) -> Advice:
    why = ("serious_dispute",) if facts.disputed else ("adversarial", "quick")
    return Advice("interim", "possible", (*why, *lawyer_reason(facts)), _HEARING)


def _summons(facts: RouteFacts) -> Advice:
    standing, why = ("advised", "dispute_tried") if facts.disputed else ("possible", "slow")
    return Advice("summons", standing, (why, *lawyer_reason(facts)), _HEARING)


def _closed(route: str, reason: str):
    return lambda _facts: Advice(route, "closed", (reason,))


def _uncontested(facts: RouteFacts) -> Advice:
    source = "CPCE L. 126-1 s., loi 2026-307"
    if facts.regime != "b2b" or not facts.merchant:
        return Advice("uncontested", "closed", ("only_merchants",), source)
    if facts.disputed:
        return Advice("uncontested", "closed", ("contested",), source)
    return Advice("uncontested", "possible", ("decree_to_check",), source)


_ADVISERS = {
    "order_commercial": _order_commercial,
    "order_judicial": _order_judicial,
    "order_protection": _order_protection,
    "small_claim": _small_claim,
    "interim": _interim,
    "summons": _summons,
    "european": _closed("european", "in_france"),
    "european_small": _closed("european_small", "in_france"),
    "administrative": _closed("administrative", "not_public"),
    "declaration": _closed("declaration", "not_insolvent"),
    "uncontested": _uncontested,
}

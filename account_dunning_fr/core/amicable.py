"""Ways that give no title by themselves: an attempt to settle, an agency, the credit insurer.

The attempt is listed where the law requires one before going to court: up to 5,000 euros before the
tribunal judiciaire (CPC 750-1). An agency works under a written convention, and its letter contains
what CPCE R. 124-4 requires; against a consumer its costs stay with the creditor (CPCE L. 111-8).
What an insurer requires is in its contract.
"""

from __future__ import annotations

from .claim import CONCILIATION_MAX, PUBLIC_LAW, Advice, RouteFacts

AMICABLE = ("mediation", "agency", "insurer")
INSURED = "contrat d’assurance"


def is_listed(route: str, facts: RouteFacts) -> bool:
    """Whether a way without a title is listed: required by law, or switched on.

    >>> from decimal import Decimal
    >>> facts = RouteFacts("b2c", False, Decimal(800), "france", offers=frozenset({"agency"}))
    >>> [route for route in AMICABLE if is_listed(route, facts)]
    ['mediation', 'agency']
    """
    return _asks_for_attempt(facts) if route == "mediation" else route in facts.offers


def settle(route: str, facts: RouteFacts) -> Advice:
    """Return the standing of a way without a title: "possible" at most."""
    return {"mediation": _mediation, "agency": _agency, "insurer": _insurer}[route](facts)


def _asks_for_attempt(facts: RouteFacts) -> bool:
    judicial = facts.regime == "b2c" or not facts.merchant
    individual = not facts.insolvent and facts.regime != "b2g" and facts.place == "france"
    return individual and judicial and facts.total <= CONCILIATION_MAX


def _mediation(facts: RouteFacts) -> Advice:
    if facts.insolvent:
        return Advice("mediation", "closed", ("insolvent",), "C. com. L. 622-21")
    if facts.regime == "b2g":
        return Advice("mediation", "closed", ("public",), PUBLIC_LAW)
    unknown = facts.regime != "b2c" and facts.merchant is None
    reasons = ("prior_attempt", "merchant_unknown") if unknown else ("prior_attempt",)
    return Advice("mediation", "possible", reasons, "CPC 750-1")


def _agency(facts: RouteFacts) -> Advice:
    if facts.insolvent:
        return Advice("agency", "closed", ("insolvent",), "C. com. L. 622-21")
    if facts.regime == "b2g":
        return Advice("agency", "closed", ("public",), "CCP R. 2192-31 s.")
    reasons = ("amicable",)
    reasons += ("costs_stay",) if facts.regime == "b2c" else ()
    reasons += ("dispute_settled_first",) if facts.disputed else ()
    return Advice("agency", "possible", reasons, "CPCE L. 111-8, R. 124-3, R. 124-4")


def _insurer(facts: RouteFacts) -> Advice:
    if facts.regime == "b2c":
        return Advice("insurer", "closed", ("consumer",), INSURED)
    reasons = ("insured", "dispute_insured") if facts.disputed else ("insured",)
    return Advice("insurer", "possible", reasons, INSURED)

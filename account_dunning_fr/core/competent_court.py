"""Which court is competent for a claim: a commercial or a civil one, and of which place.

An order to pay is requested from the court of the place where the debtor lives or is established; a
clause to the contrary is deemed unwritten (CPC 1406 al. 2-3, CPC 43). ``departments`` reads the
place from an address, ``registry_towns`` finds the court of a registry.
"""

from __future__ import annotations

from .claim import ORDERS

CIVIL_ROUTES = ("order_judicial", "order_protection", "small_claim")
# Which go to the commercial or civil court of the debtor's place; uncontested: to its registry.
SEIZED = (*ORDERS, "interim", "summons", "uncontested")


def is_seized(route: str | None) -> bool:
    """Whether a route goes to a commercial or civil court of the debtor's place (CPC 42, 1406).

    A claim against a public body goes to the administrative court, a declaration to the
    representative of the creditors, a small claim to a commissaire de justice; other rules apply
    across borders.

    :param route: one of ``route.ROUTES``, or None (or False) while none was chosen

    >>> is_seized("order_judicial"), is_seized(None), is_seized("administrative")
    (True, True, False)
    """
    return not route or route in SEIZED


def is_commercial(route: str | None, merchant: str) -> bool:
    """Whether a claim goes to a commercial court (C. com. L. 721-3), else to a judicial one.

    :param route: one of ``route.ROUTES``, or None (or False) while none was chosen
    :param merchant: whether the debtor is a merchant: "yes", "no", or another word while unknown

    >>> is_commercial("order_commercial", "yes"), is_commercial(None, "no")
    (True, False)
    >>> is_commercial("small_claim", "yes")
    False
    """
    return route not in CIVIL_ROUTES and merchant != "no"

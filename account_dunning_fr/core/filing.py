"""What each route to a title requires of the creditor: lawyer, filing, effect of an opposition.

Points are given as codes with their source; those whose text was not seen in an official or
faithful copy are marked ``to_check``, and are no more certain than that. There are no fees here:
what a registry or an agent charges changes, and the user enters it with its date and source.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .amicable import INSURED
from .claim import ORDERS
from .representation import LAWYER_FREE_MAX, lawyer_need


class Point(NamedTuple):
    """One thing to know about a route: its code, its source, whether it must be checked first."""

    code: str
    source: str
    to_check: bool = False


class Told(NamedTuple):
    """What a route requires.

    :param lawyer: as ``representation.lawyer_need`` returns it
    :param filed: who files, where and how, in the order of the steps
    :param opposed: what an opposition or a contestation leads to
    """

    lawyer: str
    filed: tuple[Point, ...]
    opposed: tuple[Point, ...]


_REQUEST = Point("request", "CPC 1406, 1407")
_FEES = Point("fees", "CPC 1425 al. 1")
_SERVED = Point("served", "CPC 1411, décret 2026-96")
_OPPOSED = Point("opposed", "CPC 1415, 1416")
_ACT = Point("act_of_service", "CPC 1418", to_check=True)
_SUMMONED = Point("summoned", "ord. 2016-728", to_check=True)
_CONTRIBUTION = Point("contribution", "CGI 1635 bis Q", to_check=True)
_LAWYER = Point("opposed_lawyer", "CPC 1418, 1419")
_OPPOSED_FEES = Point("opposed_fees", "CPC 1425 al. 2")

FILED = {
    "order_commercial": (_REQUEST, Point("form_commercial", "", True), _FEES, _SERVED),
    "order_judicial": (_REQUEST, Point("form_judicial", "", True), _SERVED),
    "order_protection": (_REQUEST, Point("form_protection", "", True), _SERVED),
    "small_claim": (Point("commissaire", "CPCE L. 125-1, R. 125-1"),),
    "interim": (_SUMMONED,),
    "summons": (_SUMMONED,),
    "european": (Point("form_a", "CPC 1424-1"),),
    "european_small": (Point("european_form", "règlement (CE) 861/2007"),),
    "administrative": (
        Point("public_invoice", "CCP R. 2192-12 s."),
        Point("public_claim", "CJA R. 421-1", True),
        Point("public_interim", "CJA R. 541-1, CE 23 sept. 2019 n° 427923", True),
        Point("public_paid", "CJA L. 911-9, loi 80-539 art. 1", True),
        Point("public_expense", "CGCT L. 1612-15, L. 1612-16", True),
    ),
    "declaration": (Point("declared", "C. com. L. 622-24, R. 622-24"),),
    "uncontested": (
        Point("commandement", "CPCE L. 126-2 à L. 126-4", True),
        Point("record_served", "CPCE L. 126-4", True),
    ),
    "mediation": (Point("attempt", "CPC 750-1"), Point("attempt_order", "CPC 750-1", True)),
    "agency": (Point("convention", "CPCE R. 124-3"), Point("agency_letter", "CPCE R. 124-4")),
    "insurer": (Point("insurer_told", INSURED),),
}
_ENDED = {
    "small_claim": (Point("silence", "CPCE R. 125-1 s."),),
    "uncontested": (Point("contest_ends", "CPCE L. 126-2", True),),
    "european": (Point("european_opposed", "règlement (CE) 1896/2006", True),),
    "european_small": (Point("european_contested", "règlement (CE) 861/2007", True),),
    "mediation": (Point("attempt_kept", "CPC 54, 750-1"),),
    "agency": (Point("no_title", "CPCE R. 124-3"),),
    "insurer": (Point("insurer_disputed", INSURED, True),),
}


def explain(route: str, total: Decimal, *, commercial: bool) -> Told:
    """Return what a route requires for a claim of this amount.

    :param total: sum claimed, euros
    :param commercial: before a commercial court, else a judicial one

    >>> told = explain("order_judicial", Decimal(12000), commercial=False)
    >>> told.lawyer, [point.code for point in told.opposed]
    ('if_opposed', ['opposed', 'opposed_lawyer', 'act_of_service'])
    """
    filed = FILED[route]
    if route in ("interim", "summons") and not commercial:
        filed = (*filed, _CONTRIBUTION)
    return Told(lawyer_need(route, total), filed, _opposed(route, total, commercial=commercial))


def _opposed(route: str, total: Decimal, *, commercial: bool) -> tuple[Point, ...]:
    if route not in ORDERS:
        return _ENDED.get(route, ())
    if commercial:
        return (_OPPOSED, _OPPOSED_FEES, _ACT)
    lawyer = (_LAWYER,) if total > LAWYER_FREE_MAX else ()
    return (_OPPOSED, *lawyer, _ACT)

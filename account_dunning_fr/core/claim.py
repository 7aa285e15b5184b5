"""A court claim as plain values: the facts gathered, and the answers given on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .money import ZERO

ORDERS = ("order_commercial", "order_judicial", "order_protection")
# What is filed there is a claim before a judge (C. civ. 2241), or as good as one (a declaration: C.
# com. L. 622-25-1). Of an order to pay, asked for without the debtor, only the service is one.
CLAIMS = ("interim", "summons", "administrative", "declaration", "european_small")
# No judge is involved: nothing filed or served there interrupts the limitation.
OUT_OF_COURT = ("small_claim", "mediation", "agency", "insurer")
CONCILIATION_MAX = Decimal(5000)  # CPC 750-1
# Against a public body: a written demand, then the administrative court, for an interim payment too
# (CE, 23 sept. 2019, n° 427923); what it orders is paid by the prefect (loi 80-539, art. 1).
PUBLIC_LAW = "CJA R. 421-1, R. 541-1, L. 911-9"
# Closed for insufficient assets, a liquidation gives creditors no action back for what arose before
# it, save the exceptions of the article; who has one asks for a title, never for an order to pay.
AFTER_LIQUIDATION = "C. com. L. 643-11, R. 643-20"


@dataclass(frozen=True, slots=True)
class Notice:
    """The last formal notice of an item: its sending date, its deadline, and proof of receipt.

    :param received: true where a proof of receipt or of refusal is at hand
    """

    sent_on: date
    deadline: date | None
    received: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One due item.

    :param key: the caller's
    :param left: the principal still owed
    :param limit: the last day to act (limitation)
    :param frozen: it arose before the opening of insolvency
    :param invoiced: an invoice stands behind it
    :param posted: that invoice is neither a draft nor cancelled
    :param elsewhere: it is posted, but to another customer
    :param liquidated: it arose before the opening of a liquidation that was closed since
    """

    key: int
    due: date | None
    left: Decimal
    limit: date | None
    in_case: bool = False
    disputed: bool = False
    frozen: bool = False
    in_euros: bool = True
    invoiced: bool = True
    posted: bool = True
    elsewhere: bool = False
    liquidated: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a claim ``on`` a day.

    :param regime: "b2b", "b2c", "b2g", or None while nobody confirmed it
    :param place: of the debtor: "france", "europe" (another member of the European Union),
        "denmark", which the European procedures do not bind, or "abroad"
    :param contract: an order, a signed quotation or a contract is at hand
    :param delivery: a proof of delivery or of performance is at hand
    :param credits: credits and payments of the debtor not yet allocated
    :param owed: what the creditor owes the debtor himself, due on that day
    :param missing: mentions of the request that cannot be filled in (CPC 54, 57)
    :param commercial: the claim goes to a commercial court
    :param activities: that court is one of economic activities (TAE)
    :param route: chosen, or None
    :param merchant: the debtor owes as a merchant; None: not known
    :param uncontested: a manager switched the procedure of CPCE L. 126-1 on
    :param claimed: the whole sum claimed in euros, interest and indemnities included
    :param principal: the part of it without interest and costs; None: what is left of the items
    :param court_fault: why the court chosen is none for this claim: "kind" (a civil court instead
        of a commercial one, or the reverse), "place" (not that of the debtor), or ""
    """

    on: date
    items: tuple[Item, ...]
    regime: str | None
    place: str = "france"
    contract: bool = True
    delivery: bool = True
    credits: Decimal = ZERO
    owed: Decimal = ZERO
    missing: tuple[str, ...] = ()
    commercial: bool = True
    activities: bool = False
    route: str | None = None
    merchant: bool | None = None
    uncontested: bool = False
    claimed: Decimal = ZERO
    principal: Decimal | None = None
    court_fault: str = ""


class Finding(NamedTuple):
    """One point examined: code, level ("ok", "warning", "forbidden"), items, source."""

    code: str
    level: str
    keys: tuple[int, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What the choice depends on.

    :param merchant: the debtor owes as a merchant, artisan or commercial company; None: not known
    :param total: claimed, in euros
    :param principal: the part of it without interest and costs; the total where it is not known
    :param place: "france", "europe", "denmark" or "abroad"
    :param uncontested: the procedure of CPCE L. 126-1 was switched on by a manager
    :param offers: ways in other hands that were switched on, among "agency" and "insurer"
    :param liquidated: it arose before a liquidation that was closed since
    """

    regime: str | None
    merchant: bool | None
    total: Decimal
    place: str
    insolvent: bool = False
    disputed: bool = False
    uncontested: bool = False
    principal: Decimal | None = None
    offers: frozenset[str] = frozenset()
    liquidated: bool = False


class Advice(NamedTuple):
    """One route: "advised", "possible" or "closed", with the codes of the reasons and the source"""

    route: str
    standing: str
    reasons: tuple[str, ...]
    source: str = ""

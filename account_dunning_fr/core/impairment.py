"""Doubtful customers at a closing: what is at risk, what is proposed and why, what is left to book.

A claim goes to 416 for its total, tax included, once it is doubtful whether the customer will pay
or the claim is in dispute; the depreciation (491, by 681740) covers what would be lost: the claim
less the VAT that the State gives back or that never falls due (PCG 416, 491, 68174, 78174; CGI
272).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .checks import check_amount, check_choice, check_decimal
from .money import CENT, ZERO, round_to_step

TREATMENTS = ("keep", "doubtful", "provision", "loss")
# The grounds that a rule may name, and that a proposal gives as its reason.
GROUNDS = ("liquidation", "receivership", "safeguard", "court", "formal_notice", "dispute", "age")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Taxes:
    """The taxes of an invoice.

    :ivar total: of the invoice, tax included
    :ivar declared: by tax, what fell due before any payment (goods, services on debits)
    :ivar waiting: by tax, what falls due with the payment (CGI 269 2 c): nothing to recover
    """

    total: Decimal
    declared: Mapping[int, Decimal]
    waiting: Mapping[int, Decimal]


@dataclass(frozen=True)
class Split:
    """What is left of a claim, split in three: ``base + sum(declared) + sum(waiting) == claim``."""

    base: Decimal
    declared: Mapping[int, Decimal]
    waiting: Mapping[int, Decimal]


def split(claim: Decimal, taxes: Taxes, step: Decimal = CENT) -> Split:
    """Split what is left of a claim as the lines of its invoice are: each tax keeps its share.

    A part payment pays every line in proportion, whatever its rate. The taxes are rounded; the base
    is the rest. An entry without taxes (an opening balance) is all base.

    :raises ValueError: a negative claim, or taxes beyond the total

    >>> invoice = Taxes(Decimal("1310.00"), {20: Decimal("200.00"), 10: Decimal("10.00")}, {})
    >>> split(Decimal("655.00"), invoice).base
    Decimal('550.00')
    """
    check_amount("claim", claim)
    check_decimal("total", taxes.total)
    every = [*taxes.declared.values(), *taxes.waiting.values()]
    if not taxes.total or not any(every):
        return Split(claim, {}, {})
    if not 0 <= sum(every) / taxes.total <= 1:
        raise ValueError("taxes beyond the total of their invoice")

    declared, waiting = (
        {tax: round_to_step(claim * amount / taxes.total, step) for tax, amount in parts.items()}
        for parts in (taxes.declared, taxes.waiting)
    )
    return Split(claim - sum(declared.values()) - sum(waiting.values()), declared, waiting)


def set_off(claims: Sequence[Decimal], money: Decimal) -> list[Decimal]:
    """Return what is left of claims, oldest first, once money not yet allocated covers them.

    C. civ. 1342-10: the oldest debt first.

    >>> set_off([Decimal("100.00"), Decimal("50.00")], Decimal("120.00"))
    [Decimal('0.00'), Decimal('30.00')]
    """
    check_amount("money", money)
    left = []
    for claim in claims:
        check_amount("claim", claim)
        covered = min(claim, money)
        money -= covered
        left.append(claim - covered)
    return left


@dataclass(frozen=True)
class Rule:
    """A line of the matrix: a ground, the days late from which it applies, and a percentage."""

    ground: str
    days: int
    percent: Decimal

    def __post_init__(self) -> None:
        check_choice("ground", self.ground, GROUNDS)
        check_amount("percent", self.percent)
        if self.percent > HUNDRED:
            raise ValueError(f"more than the whole: {self.percent} %")


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a customer: a treatment, a percentage, and the rule behind it."""

    treatment: str
    percent: Decimal
    rule: Rule | None


def propose(grounds: Iterable[str], days_late: int, rules: Iterable[Rule]) -> Proposal:
    """Return what the matrix proposes: of the rules that apply, the first with the highest rate.

    A rule of 0 % moves the claim to 416 and depreciates nothing. A loss is never proposed because
    of age or fear: a person decides it, on a proof.

    :param grounds: those that apply to the customer; ``age`` always does
    :param days_late: of the oldest item

    >>> matrix = [Rule("court", 0, Decimal(50)), Rule("age", 90, Decimal(25))]
    >>> propose(["court"], 40, matrix).percent
    Decimal('50')
    """
    present = {*grounds, "age"}
    holding = [rule for rule in rules if rule.ground in present and days_late >= rule.days]
    if not holding:
        return Proposal("keep", ZERO, None)
    rule = max(holding, key=lambda each: each.percent)
    return Proposal("provision" if rule.percent else "doubtful", rule.percent, rule)


def depreciation(base: Decimal, percent: Decimal, step: Decimal = CENT) -> Decimal:
    """Return the depreciation of a base.

    >>> depreciation(Decimal("550.00"), Decimal(50))
    Decimal('275.00')
    """
    check_amount("base", base)
    check_amount("percent", percent)
    return round_to_step(base * percent / HUNDRED, step)

"""What an unpaid debt holds back: new orders, and deliveries of orders already accepted.

Each level of a policy sets how far a company goes once its message has been sent; ``brake_reasons``
says how far the law allows it to go. A person decides: this module returns what was set, with the
sources.

>>> debt = Debt(Decimal("100"), date(2026, 4, 15), "orders", rank=3)
>>> decision = decide([debt], date(2026, 6, 1), regime="b2b")
>>> decision.brake, decision.days, [reason.source for reason in decision.reasons]
('orders', 47, ['C. civ. 1102', 'C. com. L. 442-1 II'])
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .brake_reasons import BRAKES, DELIVERIES, DEPOSIT, NONE, WARN, Reason, reasons
from .checks import check_amount, check_date
from .money import CENT, ZERO, round_to_step

ORDER, DELIVERY = "order", "delivery"
ALL = Decimal("100")


class Debt(NamedTuple):
    """An open item, and how far the level it has reached goes.

    :param amount: what is claimed of it, neither on hold nor covered, in the creditor's currency
    :param due: its due date
    :param brake: of its level, one of ``BRAKES``
    :param deposit: percentage of an order that this level asks for (0 to 100)
    :param rank: of its level, to know the highest one; below zero for none
    :param insolvent: whether it arose before the opening of insolvency proceedings
    :param insured_stop: whether the credit insurer wants deliveries to stop: the debt is unpaid
        past the longest extension that the contract allows
    """

    amount: Decimal
    due: date
    brake: str = NONE
    deposit: Decimal = ZERO
    rank: int = -1
    insolvent: bool = False
    insured_stop: bool = False


class Decision(NamedTuple):
    """How far a customer is held back, with the facts and the legal sources.

    :param brake: one of ``BRAKES``
    :param deposit: percentage to be paid before an order is taken; zero but for ``deposit``
    :param amount: total of the customer's overdue debts
    :param days: days since the oldest of them fell due
    :param highest: position among the debts of the one at the highest level; None for none
    """

    brake: str = NONE
    deposit: Decimal = ZERO
    amount: Decimal = ZERO
    days: int = 0
    highest: int | None = None
    reasons: tuple[Reason, ...] = ()


def decide(debts: Iterable[Debt], today: date, *, regime: str | None = None) -> Decision:
    """Return how far a customer is held back by what he owes.

    :param debts: his open items; those not overdue do not count
    :param regime: ``b2b``, ``b2c`` or ``b2g``; None while nobody confirmed it
    :raises TypeError: an amount that is not a Decimal
    :raises ValueError: a negative amount, an unknown brake, an implausible year
    """
    check_date("today", today)
    late = []
    for position, debt in enumerate(debts):
        _check(debt)
        if debt.due < today and debt.amount > 0:
            late.append((position, debt))
    wanted = [(brake, debt) for _position, debt in late if (brake := _allowed(debt)) != NONE]
    if not wanted:
        return Decision()
    brake = max((brake for brake, _debt in wanted), key=BRAKES.index)
    insolvent = any(debt.insolvent for _brake, debt in wanted)
    insurer = any(debt.insured_stop for _brake, debt in wanted)
    if regime == "b2g":
        brake = WARN
    return Decision(
        brake=brake,
        deposit=max(_deposit(debt) for each, debt in wanted if each == DEPOSIT)
        if brake == DEPOSIT
        else ZERO,
        amount=sum((debt.amount for _position, debt in late), ZERO),
        days=(today - min(debt.due for _position, debt in late)).days,
        highest=max(late, key=lambda each: each[1].rank)[0],
        reasons=reasons(brake, regime, insolvent=insolvent, insurer=insurer),
    )


def may_go_on(
    decision: Decision, step: str, *, total: Decimal, paid: Decimal, rounding: Decimal = CENT
) -> bool:
    """Return whether an order may be confirmed, or a delivery leave.

    An order paid in full is never held back; a deposit is required when the order is confirmed.

    :param step: ``order`` or ``delivery``
    :param total: of the order, in its currency
    :param paid: the part of it that is received or authorised
    :param rounding: smallest amount of the currency
    :raises ValueError: another step

    >>> decision = Decision(brake="deposit", deposit=Decimal("30"))
    >>> may_go_on(decision, "order", total=Decimal("1000"), paid=Decimal("299.99"))
    False
    >>> may_go_on(decision, "order", total=Decimal("1000"), paid=Decimal("300"))
    True
    """
    if step not in (ORDER, DELIVERY):
        raise ValueError(f"no such step: {step!r}")
    if decision.brake in (NONE, WARN) or paid >= total:
        return True
    if step == DELIVERY:
        return decision.brake != DELIVERIES
    if decision.brake == DEPOSIT:
        return paid >= round_to_step(total * decision.deposit / ALL, rounding)
    return False


def _check(debt: Debt) -> None:
    check_amount("amount", debt.amount)
    check_date("due", debt.due)
    if debt.brake not in BRAKES:
        raise ValueError(f"no such brake: {debt.brake!r}")
    if not 0 <= debt.deposit <= ALL:
        raise ValueError(f"a deposit is from 0 to 100 %: {debt.deposit}")


def _allowed(debt: Debt) -> str:
    """Return how far a debt holds back: one from before a judgment stops nothing under way."""
    brake = DELIVERIES if debt.insured_stop else debt.brake
    if debt.insolvent and BRAKES.index(brake) > BRAKES.index(DEPOSIT):
        return DEPOSIT
    return brake


def _deposit(debt: Debt) -> Decimal:
    return ALL if debt.insolvent else debt.deposit

"""What a debtor may request on the debtor page, and what applies without a person's decision.

House rules where the law leaves a choice; where it does not:

- a public body pays under the rules of public accounting and within the statutory term (CCP
  L. 2192-10 and L. 2192-13): its agents cannot promise or agree to anything on a page;
- a debtor in insolvency proceedings is not asked for earlier debts (C. com. L. 622-7 and
  L. 622-21): they are declared.

>>> offered("b2g", False, Limits())
('paid', 'dispute', 'contact', 'message')
>>> offered("b2b", True, Limits())
('contact', 'message')
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_UP, Decimal
from typing import NamedTuple

from .money import CENT
from .typed_values import RefusedError

PAID, DISPUTE, PROMISE, PLAN = "paid", "dispute", "promise", "plan"
CONTACT, MESSAGE = "contact", "message"
WITHOUT_ITEMS = (CONTACT, MESSAGE)  # requests about no item in particular
KINDS = (PAID, DISPUTE, PROMISE, PLAN, *WITHOUT_ITEMS)
NOT_OFFERED, ACCEPT, APPLY = "none", "accept", "apply"
PAUSE_DAYS = 5  # working days for which a request holds the reminders, until a person has read it
PAUSE_AGAIN_DAYS = 30  # for so long, a similar request on the same items holds nothing again
PAID_BACK_DAYS = 366  # a payment older than this is not accepted


class Limits(NamedTuple):
    """What a policy lets a debtor request.

    :param promise: ``none`` (not offered), ``accept`` (a person accepts), ``apply``
    :param promise_days: the longest time until the promised day
    :param plan: as ``promise``
    :param plan_count: monthly instalments, at most
    :param plan_first: the smallest first payment, in percent of the total
    :param plan_minimum: the smallest debt for which a plan is offered
    :param apply_most: above this amount, a person always decides
    """

    promise: str = ACCEPT
    promise_days: int = 15
    plan: str = ACCEPT
    plan_count: int = 6
    plan_first: int = 20
    plan_minimum: Decimal = Decimal(300)
    apply_most: Decimal = Decimal(5000)


class Standing(NamedTuple):
    """What is known of a debtor before the request.

    :param formal: whether a formal notice claims part of the debt
    :param broken: number of promises and plans not kept
    """

    formal: bool = False
    broken: int = 0


def offered(regime: str | None, insolvent: bool, limits: Limits) -> tuple[str, ...]:
    """Return the kinds of request that a page offers, in its order.

    :param regime: "b2b", "b2g", "b2c", or None while nobody confirmed it
    :param insolvent: whether insolvency proceedings are under way
    """
    if insolvent:
        return WITHOUT_ITEMS
    modes = {} if regime == "b2g" else {PROMISE: limits.promise, PLAN: limits.plan}
    term = [kind for kind, mode in modes.items() if mode != NOT_OFFERED]
    return (PAID, *term, DISPUTE, *WITHOUT_ITEMS)


def judge_promise(
    day: date, amount: Decimal, today: date, limits: Limits, standing: Standing
) -> str:
    """Return whether a promise applies at once (``apply``) or waits for a person (``accept``).

    :raises RefusedError: ``past``, or ``far``: later than the policy allows

    >>> judge_promise(date(2026, 6, 9), Decimal(90), date(2026, 6, 1), Limits(promise="apply"),
    ...     Standing())
    'apply'
    """
    if day < today:
        raise RefusedError("past")
    if day > today + timedelta(days=limits.promise_days):
        raise RefusedError("far")
    return _alone(limits.promise, amount, limits, standing)


def least_first(total: Decimal, limits: Limits, step: Decimal = CENT) -> Decimal:
    """Return the smallest first payment of a plan, rounded up to a step of its currency.

    >>> least_first(Decimal("100.01"), Limits(plan_first=20))
    Decimal('20.01')
    >>> least_first(Decimal("1001"), Limits(plan_first=20), Decimal("1"))
    Decimal('201')
    """
    steps = (total * limits.plan_first / 100 / step).to_integral_value(ROUND_UP)
    return steps * step


def judge_plan(
    total: Decimal,
    count: int,
    first: Decimal,
    limits: Limits,
    standing: Standing,
    step: Decimal = CENT,
) -> str:
    """Return whether a plan is signed at once (``apply``) or waits for a person (``accept``).

    :param count: number of monthly instalments, including the first payment
    :param first: the first payment
    :param step: smallest amount of the currency
    :raises RefusedError: ``small``, ``count`` or ``first``: the limit that is not met

    >>> judge_plan(Decimal(900), 3, Decimal(300), Limits(), Standing())
    'accept'
    """
    if total < limits.plan_minimum:
        raise RefusedError("small")
    if not 2 <= count <= limits.plan_count:
        raise RefusedError("count")
    if not least_first(total, limits, step) <= first < total:
        raise RefusedError("first")
    return _alone(limits.plan, total, limits, standing)


def _alone(mode: str, amount: Decimal, limits: Limits, standing: Standing) -> str:
    free = not standing.formal and not standing.broken and amount <= limits.apply_most
    return APPLY if mode == APPLY and free else ACCEPT


def check_paid_on(day: date, today: date) -> None:
    """Raise ``RefusedError`` unless a payment can have been made on a day: ``future``, ``old``."""
    if day > today:
        raise RefusedError("future")
    if (today - day).days > PAID_BACK_DAYS:
        raise RefusedError("old")

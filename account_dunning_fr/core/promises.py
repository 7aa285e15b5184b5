"""Whether a promise to pay was kept, from the payments received since.

House rule, no article: a promise has a date and an amount, a creditor leaves
some days for the transfer and forgives a few euros.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from .checks import check_amount, check_date
from .money import ZERO

RUNNING, KEPT, PARTLY, BROKEN = "running", "kept", "partly", "broken"


def last_day(promised_on: date, tolerance_days: int) -> date:
    """Return the last day on which a payment still keeps the promise.

    :param promised_on: the day the customer named
    :raises ValueError: negative tolerance, or an implausible year

    >>> last_day(date(2026, 6, 12), 3)
    datetime.date(2026, 6, 15)
    """
    check_date("promised_on", promised_on)
    if tolerance_days < 0:
        raise ValueError(f"tolerance_days must not be negative: {tolerance_days}")
    return promised_on + timedelta(days=tolerance_days)


def covers(received: Decimal, amount: Decimal, tolerance: Decimal) -> bool:
    """Whether a payment keeps a promise: something was received, and little is missing.

    >>> [covers(Decimal(came), Decimal("100"), Decimal("5")) for came in ("95", "94.99")]
    [True, False]
    >>> covers(ZERO, Decimal("5"), Decimal("5"))
    False
    """
    return bool(received) and received + tolerance >= amount


def outcome(
    amount: Decimal,
    received: Decimal,
    until: date,
    today: date,
    *,
    tolerance: Decimal = ZERO,
    settled: bool = False,
) -> str:
    """Return `running`, `kept`, `partly` or `broken`.

    :param amount: what was promised
    :param received: what arrived from the promise up to `until`
    :param until: last day that counts (`last_day`)
    :param tolerance: amount that may be missing
    :param settled: nothing is left to pay of the promised items, credit notes included
    :raises TypeError: an amount that is not a Decimal
    :raises ValueError: a negative amount

    >>> outcome(Decimal("100"), Decimal("98"), date(2026, 6, 15), date(2026, 6, 16),
    ...         tolerance=Decimal("5"))
    'kept'
    """
    for name, value in (("amount", amount), ("received", received), ("tolerance", tolerance)):
        check_amount(name, value)
    if settled or covers(received, amount, tolerance):
        return KEPT
    if today <= until:
        return RUNNING
    return PARTLY if received > tolerance else BROKEN

"""Early-payment discount (« escompte ») taken by the customer.

An invoice that says « x % d’escompte pour paiement sous n jours » (its mention is required by
C. com. L. 441-9 I) lets its debtor settle it for less. Whoever pays the discounted amount in time
has settled it: the rest is to be booked as a discount granted (PCG 665), and is neither claimed nor
late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .interest import Event
from .money import CENT, ZERO, round_to_step


def discount_taken(
    principal: Decimal,
    discounted: Decimal,
    last_day: date,
    events: Iterable[Event],
    step: Decimal = CENT,
) -> Event | None:
    """Return the discount as a reduction of the debt on the day of payment; None if not taken.

    Credit notes reduce the price, and the amount to pay in the same proportion. Each payment may
    differ by the smallest amount of the currency: the discounted amount is itself rounded.

    :param principal: amount of the item, VAT included, more than zero
    :param discounted: the amount to pay until `last_day`, by any of the three computations of its
        VAT
    :param events: payments and credit notes of the item
    :param step: smallest amount of the currency

    >>> paid = Event(date(2026, 3, 10), Decimal("1176.00"), "payment")
    >>> discount_taken(Decimal("1200.00"), Decimal("1176.00"), date(2026, 3, 10), [paid]).amount
    Decimal('24.00')
    >>> discount_taken(Decimal("1200.00"), Decimal("1176.00"), date(2026, 3, 9), [paid])
    """
    events = sorted(events, key=lambda event: event.on)
    price = principal - sum((e.amount for e in events if e.kind == "credit_note"), ZERO)
    asked = round_to_step(price * discounted / principal, step)
    paid = tolerated = ZERO
    for event in events:
        if event.kind == "payment" and event.amount and event.on <= last_day:
            paid += event.amount
            tolerated += step
            if asked - tolerated <= paid < price:
                return Event(event.on, price - paid, "discount")
    return None

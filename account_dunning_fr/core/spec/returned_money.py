"""Money paid back to the customer, or taken back by the bank, no longer covers anything.

House rule, no article: a returned payment never paid anything, and what was paid back is no longer
held. So what went back is deducted from what came in before `core.credits` sets the rest against
the debts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..checks import check_amount
from ..money import ZERO


class Movement(NamedTuple):
    """Money that came from the customer or went back, zero or more.

    A credit note is not money: it is used up last.
    """

    key: Hashable
    amount: Decimal
    on: date
    is_credit_note: bool = False


def take_back(
    received: Iterable[Movement], returned: Iterable[Movement]
) -> tuple[dict[Hashable, Decimal], dict[Hashable, Decimal]]:
    """Set what went back against what came in, all of one customer and one currency.

    The nth return of an amount, the oldest first, takes back the nth receipt of that amount, the
    latest first. Other returns use up the latest money, then credit notes.

    :return: what is left of each receipt, and how much of each return is covered
    :raises TypeError: an amount that is not a Decimal
    :raises ValueError: negative amount

    >>> first = Movement("a", Decimal(50), date(2026, 1, 5))
    >>> second = Movement("b", Decimal(20), date(2026, 1, 9))
    >>> take_back([first, second], [Movement("back", Decimal(50), date(2026, 1, 12))])
    ({'b': Decimal('20'), 'a': Decimal('0.00')}, {'back': Decimal('50.00')})
    """
    received = sorted(received, key=lambda each: each.key)
    received.sort(key=lambda each: each.on, reverse=True)
    returned = sorted(returned, key=lambda each: (each.on, each.key))
    for each in (*received, *returned):
        check_amount("amount", each.amount)
    left = {each.key: each.amount for each in received}
    met = {each.key: ZERO for each in returned}
    for back in returned:
        same = (each for each in received if left[each.key] == each.amount == back.amount)
        if each := next(same, None):
            left[each.key], met[back.key] = ZERO, back.amount
    for back in returned:
        for each in sorted(received, key=lambda each: each.is_credit_note):
            part = min(left[each.key], back.amount - met[back.key])
            left[each.key] -= part
            met[back.key] += part
    return left, met

"""Which rate an item bears, by the regime of its debtor.

A business is bound by the agreed rate. A public body owes the rate of public procurement, frozen on
the first late day (CCP R. 2192-31), a consumer the legal rate from the formal notice (C. civ.
1231-6), whatever an invoice says.
"""

from __future__ import annotations

from datetime import date

from .rates import RateSchedule, RateTable


def rate_by_regime(
    table: RateTable, regime: str, first_late_day: date, agreed: RateSchedule | None = None
) -> RateSchedule:
    """Return the schedule of rates of an item.

    :param regime: ``b2b``, ``b2g`` or ``b2c``; any other is read as ``b2b``
    :param agreed: the schedule agreed between businesses, or None
    """
    if regime == "b2g":
        return table.default_b2g(first_late_day)
    if regime == "b2c":
        return table.legal()
    return agreed or table.default_b2b()

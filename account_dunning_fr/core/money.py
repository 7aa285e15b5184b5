"""Decimals and their rounding, defined once: half-up, as accountants do by hand."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def to_cents(amount: Decimal) -> Decimal:
    """Round an amount to the cent, half-up.

    >>> to_cents(Decimal("0.125")), to_cents(Decimal("-0.125"))
    (Decimal('0.13'), Decimal('-0.13'))
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def round_to_step(amount: Decimal, step: Decimal) -> Decimal:
    """Round an amount half-up to a multiple of the smallest amount of its currency.

    :param step: smallest amount, more than zero (0.01 for the euro, 1 for the yen, 0.05 for the
        Swiss franc in cash)
    :raises ValueError: step of zero or less

    >>> round_to_step(Decimal("12.345"), Decimal("0.01"))
    Decimal('12.35')
    >>> round_to_step(Decimal("12.37"), Decimal("0.05"))
    Decimal('12.35')
    """
    if step <= 0:
        raise ValueError(f"step must be more than zero: {step}")
    steps = (amount / step).to_integral_value(rounding=ROUND_HALF_UP)
    return steps * step


def to_decimal(number: float | str | Decimal, step: float | Decimal | None = None) -> Decimal:
    """Return a number from a database or a form as the decimal that it displays.

    :param step: round half-up to a multiple of it (0.01 for the euro); not rounded by default
    :raises ValueError: step of zero or less

    >>> to_decimal(0.1), to_decimal(12.345, 0.01)
    (Decimal('0.1'), Decimal('12.35'))
    """
    amount = Decimal(str(number))
    if step is None:
        return amount
    return round_to_step(amount, step if isinstance(step, Decimal) else _read_step(step))


@lru_cache(maxsize=64, typed=True)
def _read_step(step: float) -> Decimal:
    """Return a step as a decimal (cached: the few currencies recur with every amount)."""
    return Decimal(str(step))

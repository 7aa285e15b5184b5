"""Checks shared by the core: a wrong type or value is refused here, before it reaches a letter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

# Nothing is claimed beyond these bounds: they catch typing errors and what arithmetic cannot hold.
FIRST_YEAR, LAST_YEAR = 1900, 2299
LARGEST, MOST_DECIMALS = Decimal(10) ** 15, 12


def check_decimal(name: str, value: Decimal) -> None:
    """Refuse anything but a finite Decimal of a plausible size: a float loses cents.

    :raises TypeError: not a Decimal
    :raises ValueError: infinite, not a number, or out of all proportion

    >>> check_decimal("rate", 12.4)
    Traceback (most recent call last):
    TypeError: rate must be a Decimal, not float
    """
    if not isinstance(value, Decimal):
        raise TypeError(f"{name} must be a Decimal, not {type(value).__name__}")
    if not value.is_finite():
        raise ValueError(f"{name} must be a finite number, not {value}")
    if value and (abs(value) >= LARGEST or value.as_tuple().exponent < -MOST_DECIMALS):
        raise ValueError(f"{name} is out of all proportion: {value}")


def check_amount(name: str, value: Decimal) -> None:
    """Refuse anything but a finite Decimal of zero or more.

    :raises TypeError: not a Decimal
    :raises ValueError: negative, infinite or not a number
    """
    check_decimal(name, value)
    if value < 0:
        raise ValueError(f"{name} must not be negative: {value}")


def check_date(name: str, value: date) -> None:
    """Refuse anything but a plain date: a datetime would raise the question of its time zone.

    :raises TypeError: not a date, or a datetime
    :raises ValueError: an implausible year
    """
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"{name} must be a date, not {type(value).__name__}")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"{name} is not plausible: {value}")


def check_choice(name: str, value: str, choices: Collection[str]) -> None:
    """Refuse a word outside the list.

    :raises ValueError: unknown word
    """
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}")

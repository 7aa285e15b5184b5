"""A run books the difference, whatever happened before: twice books nothing."""

import random
from decimal import Decimal

import pytest

from core.booking import to_book


@pytest.mark.parametrize(
    ("computed", "waived", "booked", "expected"),
    [
        ("20.31", "0", "0", "20.31"),
        ("30.29", "0", "20.31", "9.98"),
        ("30.29", "0", "30.29", "0"),
        ("9.99", "0", "20.31", "-10.32"),
        ("30.29", "20.31", "0", "9.98"),
        ("30.29", "20.31", "20.31", "-10.33"),
        ("9.99", "20.31", "0", "0"),
        ("9.99", "20.31", "20.31", "-20.31"),
        ("0", "0", "-5", "5"),
    ],
)
def test_the_difference_is_booked(computed, waived, booked, expected):
    amounts = map(Decimal, (computed, waived, booked))
    assert to_book(*amounts) == Decimal(expected)


def test_booking_the_difference_leaves_nothing_to_book():
    draw = random.Random(7)
    for _ in range(500):
        computed, waived = (Decimal(draw.randint(0, 99999)) / 100 for _ in range(2))
        booked = Decimal(draw.randint(-99999, 99999)) / 100
        booked += to_book(computed, waived, booked)
        assert booked >= 0
        assert to_book(computed, waived, booked) == 0


@pytest.mark.parametrize("position", [0, 1])
def test_negative_sums_are_refused(position):
    amounts = [Decimal(1), Decimal(1), Decimal(1)]
    amounts[position] = Decimal(-1)
    with pytest.raises(ValueError, match="negative"):
        to_book(*amounts)


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_float_is_refused(position):
    amounts = [Decimal(1), Decimal(1), Decimal(1)]
    amounts[position] = 1.0
    with pytest.raises(TypeError):
        to_book(*amounts)

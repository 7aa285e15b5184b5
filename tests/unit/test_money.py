"""Rounding is half-up, to the cent or to the step of a currency."""

from decimal import Decimal

import pytest

from core.money import round_to_step, to_cents


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("184.93150684", "184.93"),
        ("0.005", "0.01"),
        ("0.0049999", "0.00"),
        ("2.675", "2.68"),
        ("-2.675", "-2.68"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("7", "7.00"),
    ],
)
def test_half_a_cent_goes_up(exact, rounded):
    assert str(to_cents(Decimal(exact))) == rounded


@pytest.mark.parametrize(
    ("exact", "step", "rounded"),
    [
        ("1234.5", "1", "1235"),
        ("1.0005", "0.001", "1.001"),
        ("12.375", "0.05", "12.40"),
        ("-12.375", "0.05", "-12.40"),
        ("12.34", "0.01", "12.34"),
    ],
)
def test_an_amount_is_rounded_to_the_step_of_its_currency(exact, step, rounded):
    assert round_to_step(Decimal(exact), Decimal(step)) == Decimal(rounded)


@pytest.mark.parametrize("step", ["0", "-0.01"])
def test_a_step_must_be_more_than_zero(step):
    with pytest.raises(ValueError, match="step must be more than zero"):
        round_to_step(Decimal(1), Decimal(step))

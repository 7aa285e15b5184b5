"""Wrong types and values stop at the door."""

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from core.checks import check_amount, check_choice, check_date, check_decimal


@pytest.mark.parametrize("value", [1.5, 1, "1.5", None])
def test_only_a_decimal_is_a_decimal(value):
    with pytest.raises(TypeError, match="rate must be a Decimal"):
        check_decimal("rate", value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_decimal_must_be_finite(value):
    with pytest.raises(ValueError, match="finite"):
        check_decimal("rate", Decimal(value))


def test_a_decimal_may_be_negative_but_an_amount_may_not():
    check_decimal("rate", Decimal("-0.50"))
    check_amount("principal", Decimal("0.00"))
    with pytest.raises(ValueError, match=r"principal must not be negative: -0\.01"):
        check_amount("principal", Decimal("-0.01"))


def test_a_datetime_is_no_date():
    check_date("due", date(2026, 3, 31))
    with pytest.raises(TypeError, match="due must be a date, not datetime"):
        check_date("due", datetime(2026, 3, 31, tzinfo=timezone.utc))


def test_text_is_no_date():
    with pytest.raises(TypeError, match="due must be a date, not str"):
        check_date("due", "2026-03-31")


def test_an_unknown_word_is_refused_with_the_known_ones():
    check_choice("kind", "payment", ("payment", "credit_note"))
    with pytest.raises(ValueError, match="one of payment, credit_note, not 'refund'"):
        check_choice("kind", "refund", ("payment", "credit_note"))

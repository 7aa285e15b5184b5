"""The VAT of unpaid invoices: from which event, until when."""

from datetime import date
from decimal import Decimal

import pytest

from core.vat_relief import due_again, eligibility, time_bar

TODAY = date(2026, 6, 1)
SOME = Decimal("200.00")


@pytest.mark.parametrize(
    ("ground", "event", "proved", "amount", "problem"),
    [
        ("liquidation", date(2026, 6, 1), False, SOME, ""),
        ("liquidation", date(2026, 6, 2), False, SOME, "to_come"),
        ("liquidation", None, False, SOME, "no_event"),
        ("liquidation", date(2026, 1, 1), False, Decimal("0.00"), "nothing"),
        ("liquidation", date(2023, 12, 31), False, SOME, "time_barred"),
        ("liquidation", date(2024, 1, 1), False, SOME, ""),
        ("remission", date(2026, 1, 1), False, SOME, "not_proved"),
        ("remission", date(2026, 1, 1), True, SOME, ""),
        ("irrecoverable", date(2026, 1, 1), False, SOME, "not_proved"),
        ("irrecoverable", date(2026, 1, 1), True, SOME, ""),
    ],
)
def test_the_ground_and_its_day_open_the_vat(ground, event, proved, amount, problem):
    found = eligibility(ground, event, proved, amount, TODAY)
    assert found.problem == problem
    assert found.is_open == (not problem)


@pytest.mark.parametrize(
    ("event", "until"),
    [
        (date(2026, 1, 1), date(2028, 12, 31)),
        (date(2026, 12, 31), date(2028, 12, 31)),
        (date(2024, 2, 29), date(2026, 12, 31)),
    ],
)
def test_it_is_over_with_the_second_year(event, until):
    assert time_bar(event) == until


def test_a_word_that_is_no_ground_is_refused():
    with pytest.raises(ValueError, match="ground"):
        eligibility("late", TODAY, True, SOME, TODAY)


@pytest.mark.parametrize(
    ("received", "expected"),
    [("0.00", "0.00"), ("300.00", "50.00"), ("1200.00", "200.00"), ("1300.00", "200.00")],
)
def test_what_is_paid_later_owes_its_vat_again(received, expected):
    assert due_again(SOME, Decimal("1200.00"), Decimal(received)) == Decimal(expected)


def test_nothing_claimed_owes_nothing_again():
    assert due_again(SOME, Decimal("0.00"), Decimal("1.00")) == Decimal("0.00")

"""Mean delay weighted by the money, and the ages of the aged balance."""

from decimal import Decimal

import pytest

from core.delays import (
    AGES,
    Delay,
    age,
    contractual_days,
    mean_delay,
    mean_delay_with_open,
    mean_payment_days,
    on_time_rate,
    on_time_rate_of_due,
)


def delays(*pairs):
    return [Delay(days, Decimal(amount)) for days, amount in pairs]


def test_money_weighs_not_the_number_of_invoices():
    assert mean_delay(delays((30, "1000"), (0, "9000"))) == Decimal("3.0")


def test_an_early_payment_makes_up_for_a_late_one():
    assert mean_delay(delays((10, "100"), (-10, "100"))) == Decimal("0.0")


def test_half_a_tenth_of_a_day_rounds_up():
    assert mean_delay(delays((1, "1"), (0, "19"))) == Decimal("0.1")


@pytest.mark.parametrize("pairs", [(), ((5, "0"),)])
def test_without_payment_there_is_no_delay(pairs):
    assert mean_delay(delays(*pairs)) is None
    assert on_time_rate(delays(*pairs)) is None


def test_who_pays_nothing_is_not_punctual():
    paid, overdue = delays((0, "100")), delays((90, "300"))
    assert mean_delay(paid) == Decimal("0.0")
    assert mean_delay_with_open(paid, overdue) == Decimal("67.5")


def test_the_day_itself_is_in_time():
    assert on_time_rate(delays((-3, "10"), (0, "20"), (1, "70"))) == Decimal("30.0")


def test_what_is_not_paid_is_not_on_time():
    paid, overdue = delays((-3, "10"), (0, "20"), (1, "70")), delays((40, "200"))
    assert on_time_rate_of_due(paid, overdue) == Decimal("10.0")
    assert on_time_rate_of_due(paid, []) == on_time_rate(paid)
    assert on_time_rate_of_due([], []) is None


def test_a_delay_takes_decimals_only():
    with pytest.raises(TypeError):
        mean_delay([Delay(1, 10.0)])


def test_an_age_ends_on_its_last_day():
    for place, last in enumerate(AGES):
        assert (age(last), age(last + 1)) == (place, place + 1)


def test_terms_and_delays_add_up_to_the_time_to_pay():
    # 1 000 agreed at 30 days and paid 10 late; 3 000 agreed at 60 days and paid 6 early.
    terms, late = delays((30, "1000"), (60, "3000")), delays((10, "1000"), (-6, "3000"))
    waited = delays((40, "1000"), (54, "3000"))
    assert contractual_days(terms) == Decimal("52.5")
    assert mean_payment_days(waited) == Decimal("50.5")
    assert mean_payment_days(waited) == contractual_days(terms) + mean_delay(late)
    assert contractual_days([]) is None
    assert mean_payment_days([]) is None

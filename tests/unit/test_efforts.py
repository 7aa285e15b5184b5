"""Activity, contacts, disputes, costs and losses, each with its test vector."""

from decimal import Decimal

import pytest

from core.efforts import (
    activation_rate,
    contact_rate,
    cost_per_euro,
    dispute_rate,
    loss_rate,
    mean_days,
    plan_keeping_rate,
    share_of,
)


@pytest.mark.parametrize("rate", [activation_rate, contact_rate, plan_keeping_rate, share_of])
def test_a_count_out_of_a_number_is_a_rate(rate):
    assert rate(2, 3) == Decimal("66.7")
    assert rate(0, 4) == Decimal("0.0")
    assert rate(4, 4) == Decimal("100.0")
    assert rate(0, 0) is None


@pytest.mark.parametrize(("count", "whole"), [(-1, 3), (4, 3), (1, 0)])
def test_a_count_is_part_of_its_number(count, whole):
    with pytest.raises(ValueError, match="count must be from 0"):
        share_of(count, whole)


def test_losses_and_disputes_are_set_against_the_sales():
    assert loss_rate(Decimal("1875"), Decimal("250000")) == Decimal("0.8")
    assert dispute_rate(Decimal("12000"), Decimal("300000")) == Decimal("4.0")
    assert loss_rate(Decimal("10"), Decimal("0")) is None
    assert dispute_rate(Decimal("10"), Decimal("-5")) is None


def test_a_loss_taken_back_is_a_negative_rate():
    assert loss_rate(Decimal("-500"), Decimal("100000")) == Decimal("-0.5")


@pytest.mark.parametrize(
    ("days", "count", "expected"), [(31, 2, "15.5"), (1, 3, "0.3"), (1, 20, "0.1"), (-9, 3, "-3.0")]
)
def test_days_are_a_mean_of_the_cases(days, count, expected):
    assert str(mean_days(days, count)) == expected


def test_without_a_case_there_is_no_mean():
    assert mean_days(0, 0) is None
    with pytest.raises(ValueError, match="must not be negative"):
        mean_days(3, -1)


def test_a_euro_recovered_costs_what_was_spent_on_it():
    assert cost_per_euro(Decimal("37.50"), Decimal("1000")) == Decimal("0.04")
    assert cost_per_euro(Decimal("37.50"), Decimal("0")) is None
    with pytest.raises(ValueError, match="must not be negative"):
        cost_per_euro(Decimal("-1"), Decimal("10"))

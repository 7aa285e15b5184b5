"""Rates in percent, each with its test vector; nothing to measure is not 0 %."""

from decimal import Decimal

import pytest

from core.ratios import (
    Promise,
    collection_effectiveness,
    concentration,
    overdue_rate,
    percent,
    promise_keeping_rate,
    recovery_rate,
)


def amounts(*texts):
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [("25", "100", "25.0"), ("1", "8", "12.5"), ("2", "3", "66.7"), ("-5", "100", "-5.0")],
)
def test_a_part_in_percent_of_a_whole(part, whole, expected):
    assert str(percent(*amounts(part, whole))) == expected


def test_half_a_tenth_rounds_up():
    assert percent(*amounts("0.25", "1000")) == Decimal("0.0")
    assert percent(*amounts("0.5", "1000")) == Decimal("0.1")


@pytest.mark.parametrize("whole", ["0", "-10"])
def test_without_anything_to_measure_there_is_no_rate(whole):
    assert percent(*amounts("5", whole)) is None
    assert overdue_rate(*amounts("5", whole)) is None
    assert recovery_rate(*amounts("5", whole)) is None


@pytest.mark.parametrize("pair", [(1.0, Decimal(1)), (Decimal(1), 1.0), (1, Decimal(1))])
def test_a_rate_takes_decimals_only(pair):
    with pytest.raises(TypeError):
        percent(*pair)


def test_rate_of_overdue_and_rate_of_recovery():
    assert overdue_rate(*amounts("31500", "126000")) == Decimal("25.0")
    assert recovery_rate(*amounts("12345.67", "20000")) == Decimal("61.7")


def test_effectiveness_is_whole_when_only_what_is_not_due_is_left():
    assert collection_effectiveness(*amounts("100", "60", "50", "50")) == Decimal("100.0")


def test_effectiveness_sets_what_came_in_against_what_could():
    # 80 came in of the 110 that could.
    assert collection_effectiveness(*amounts("100", "60", "80", "50")) == Decimal("72.7")


def test_effectiveness_needs_something_collectable():
    assert collection_effectiveness(*amounts("0", "50", "50", "50")) is None


def test_a_promise_paid_twice_does_not_mend_another():
    promises = [Promise(*amounts("600", "900")), Promise(*amounts("400", "100"))]
    assert promise_keeping_rate(promises) == Decimal("70.0")


def test_without_a_promise_none_is_kept_nor_broken():
    assert promise_keeping_rate([]) is None


@pytest.mark.parametrize("pair", [("-1", "0"), ("1", "-1")])
def test_a_promise_is_never_negative(pair):
    with pytest.raises(ValueError, match="must not be negative"):
        promise_keeping_rate([Promise(*amounts(*pair))])


def test_the_ten_largest_make_the_concentration():
    customers = amounts(*["10"] * 10, "5", "5", "90")
    assert concentration(customers, Decimal("200")) == Decimal("90.0")


def test_nothing_overdue_has_no_concentration():
    assert concentration([], Decimal("0")) is None

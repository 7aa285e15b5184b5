"""Dividends add up to the share of the claim, to the cent, whatever the plan."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from core.dividends import Share, dividends, yearly

FIRST = date(2027, 9, 1)


def amounts(admitted, shares):
    return [str(amount) for _due, amount in dividends(Decimal(admitted), shares)]


@pytest.mark.parametrize(
    ("admitted", "years", "total", "expected"),
    [
        ("12000.00", 10, "100", ["1200.00"] * 10),
        ("100.01", 3, "100", ["33.33", "33.34", "33.34"]),
        ("9999.99", 8, "100", ["1250.00"] * 4 + ["1249.99"] + ["1250.00"] * 3),
        ("5000.00", 2, "50", ["1250.00", "1250.00"]),
        ("0.01", 2, "100", ["0.01", "0.00"]),
    ],
)
def test_equal_dividends_by_hand(admitted, years, total, expected):
    assert amounts(admitted, yearly(FIRST, years, Decimal(total))) == expected


def test_a_plan_may_pay_little_first():
    shares = [Share(date(2028, 9, 1), Decimal(5)), Share(FIRST, Decimal(1))]
    shares.append(Share(date(2029, 9, 1), Decimal(94)))
    assert dividends(Decimal("8450.50"), shares) == [
        (FIRST, Decimal("84.51")),
        (date(2028, 9, 1), Decimal("422.52")),
        (date(2029, 9, 1), Decimal("7943.47")),
    ]


def test_each_year_on_the_same_day():
    assert [share.due for share in yearly(date(2028, 2, 29), 5)] == [
        date(2028, 2, 29),
        date(2029, 2, 28),
        date(2030, 2, 28),
        date(2031, 2, 28),
        date(2032, 2, 29),
    ]


@pytest.mark.parametrize(("years", "total"), [(0, "100"), (31, "100"), (3, "0"), (3, "100.01")])
def test_what_is_no_plan_is_refused(years, total):
    with pytest.raises(ValueError, match=r"plan"):
        yearly(FIRST, years, Decimal(total))


@pytest.mark.parametrize("percents", [("60", "41"), ("-1", "50")])
def test_more_than_the_claim_is_refused(percents):
    with pytest.raises(ValueError, match="dividend"):
        dividends(Decimal(100), [Share(FIRST, Decimal(percent)) for percent in percents])


def test_the_sum_is_the_share_of_the_claim():
    chance = Random(622)
    for _turn in range(300):
        admitted = Decimal(chance.randrange(10**9)) / 100
        total = Decimal(chance.randrange(30, 10001)) / 100
        shares = yearly(FIRST, chance.randrange(1, 31), total)
        parts = [amount for _due, amount in dividends(admitted, shares)]
        assert abs(sum(parts) - admitted * total / 100) <= Decimal("0.005")
        assert min(parts) >= 0

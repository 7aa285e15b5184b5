"""The range of what comes in: one amount, a few, and the many."""

from decimal import Decimal

import pytest

from core.receipt_range import Chance, Range, expected, range_of


def chance(amount, probability):
    return Chance(Decimal(amount), Decimal(probability), Decimal(amount) ** 2)


@pytest.mark.parametrize(
    ("chances", "found"),
    [
        ([], ("0", "0", "0")),
        ([chance(100, "1")], ("100", "100", "100")),
        ([chance(100, "0.6")], ("0", "100", "100")),
        ([chance(100, "0.3")], ("0", "0", "100")),
        # Nothing 0.25, one 0.5, both 0.25.
        ([chance(100, "0.5"), chance(100, "0.5")], ("0", "100", "200")),
        # 0: 0.06, 10: 0.24, 100: 0.14, 110: 0.56.
        ([chance(10, "0.8"), chance(100, "0.7")], ("10", "110", "110")),
        ([chance(-50, "0.9"), chance(10, "1")], ("10", "10", "10")),
    ],
)
def test_a_few_amounts_are_added_up_case_by_case(chances, found):
    assert range_of(chances) == Range(*map(Decimal, found))


def test_many_small_amounts_lie_around_their_mean():
    # 1 000 amounts of 10 at one half: 5 000, give or take 0.84 × 10 × √250.
    low, median, high = range_of([Chance(Decimal(10000), Decimal("0.5"), Decimal(100000))])
    assert median == 5000
    assert 4840 <= low <= 4900
    assert 5100 <= high <= 5160


def test_the_largest_are_told_apart_from_the_many():
    low, median, high = range_of(
        [Chance(Decimal(1000), Decimal("0.5"), Decimal(1000)), chance(100000, "0.4")]
    )
    assert low < median < 1000
    assert high > 100000


def test_more_amounts_than_are_counted_alone_keep_their_mean_and_their_bounds():
    chances = [chance(100 + rank, "0.3") for rank in range(200)]
    low, median, high = range_of(chances)
    assert abs(median - expected(chances)) < expected(chances) / 50
    assert 0 <= low < median < high <= sum(each.amount for each in chances)


def test_it_has_the_decimals_of_its_currency():
    chances = [chance("100.127", "0.5"), chance("0.4", "1")]
    assert range_of(chances, Decimal("0.001")).high == Decimal("100.527")
    assert range_of(chances, Decimal(1)).high == Decimal(101)
    assert expected(chances, Decimal("0.001")) == Decimal("50.464")


def test_money_is_no_float():
    with pytest.raises(TypeError):
        range_of([Chance(1.5, Decimal("0.5"), Decimal("2.25"))])

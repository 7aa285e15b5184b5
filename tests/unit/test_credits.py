"""Credits go to the invoice they refer to, else to the oldest due date."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from core.credits import Credit, OpenItem, allocate, share

from .samples import FIRST_DAY, cents, day

OLD = OpenItem(1, "A", day("2026-01-31"), Decimal("100.00"))
NEW = OpenItem(2, "B", day("2026-02-28"), Decimal("50.00"))


def credit(amount, invoice=None):
    return Credit(Decimal(amount), invoice)


def covered(*credits, items=(OLD, NEW)):
    allocation = allocate(items, credits)
    return [str(allocation.covered[item.key]) for item in items], str(allocation.left)


def test_without_credit_everything_is_open():
    assert covered() == (["0.00", "0.00"], "0.00")


def test_a_credit_goes_to_the_invoice_it_refers_to():
    assert covered(credit("30.00", "B")) == (["0.00", "30.00"], "0.00")


def test_a_credit_without_reference_goes_to_the_oldest_due_date():
    assert covered(credit("120.00")) == (["100.00", "20.00"], "0.00")


def test_a_reference_is_served_before_the_oldest_due_date():
    assert covered(credit("100.00"), credit("50.00", "A")) == (["100.00", "50.00"], "0.00")


def test_what_exceeds_the_invoice_goes_to_the_oldest_due_date():
    assert covered(credit("80.00", "B")) == (["30.00", "50.00"], "0.00")


def test_a_reference_to_an_invoice_that_owes_nothing_goes_to_the_oldest_due_date():
    assert covered(credit("80.00", "Z")) == (["80.00", "0.00"], "0.00")


def test_what_exceeds_everything_is_left():
    assert covered(credit("500.00", "B")) == (["100.00", "50.00"], "350.00")


def test_the_instalments_of_an_invoice_are_served_by_due_date():
    later = OpenItem(3, "A", day("2026-03-31"), Decimal("100.00"))
    assert covered(credit("150.00", "A"), items=(later, NEW, OLD))[0] == ["50.00", "0.00", "100.00"]


def test_equal_due_dates_are_served_by_key():
    twin = OLD._replace(key=0, invoice="C")
    assert covered(credit("120.00"), items=(OLD, twin))[0] == ["20.00", "100.00"]


def test_neither_order_matters_and_no_cent_is_lost():
    generator = random.Random(15)
    for _ in range(300):
        items = [
            OpenItem(
                key,
                generator.choice("ABCD"),
                FIRST_DAY + timedelta(days=generator.randint(0, 5)),
                cents(generator, 10_000),
            )
            for key in range(generator.randint(0, 6))
        ]
        credits = [
            Credit(cents(generator, 10_000), generator.choice(["A", "B", "E", None]))
            for _ in range(generator.randint(0, 5))
        ]
        allocation = allocate(items, credits)
        generator.shuffle(items)
        generator.shuffle(credits)
        again = allocate(items, credits)
        assert (again.covered, again.left) == (allocation.covered, allocation.left)
        for item in items:  # and each says by which credits
            mine = [share.amount for share in again.shares if share.key == item.key]
            assert sum(mine) == again.covered[item.key]
        spent = sum(allocation.covered.values())
        assert spent + allocation.left == sum(credit.amount for credit in credits)
        assert all(0 <= allocation.covered[item.key] <= item.residual for item in items)
        assert allocation.left == 0 or spent == sum(item.residual for item in items)


def test_it_says_which_credit_covers_what():
    dated = [credit("60.00"), credit("10.00", "B"), credit("70.00")]
    shares = [
        (share.key, share.credit, str(share.amount)) for share in allocate([OLD, NEW], dated)[2]
    ]
    assert shares == [(2, 1, "10.00"), (1, 0, "60.00"), (1, 2, "40.00"), (2, 2, "30.00")]


def test_amounts_are_decimals_of_zero_or_more():
    with pytest.raises(TypeError, match="amount must be a Decimal"):
        allocate([OLD], [Credit(10.0)])
    with pytest.raises(ValueError, match="amount must not be negative"):
        allocate([OLD], [credit("-10.00")])
    with pytest.raises(ValueError, match="residual must not be negative"):
        allocate([OLD._replace(residual=Decimal(-1))], [])


def test_an_item_comes_once():
    with pytest.raises(ValueError, match="two items with the same key"):
        allocate([OLD, OLD], [])


def test_what_is_disputed_is_covered_by_no_credit():
    disputed = OLD._replace(held=Decimal("40.00"))
    assert covered(credit("80.00"), items=(disputed, NEW)) == (["60.00", "20.00"], "0.00")
    assert covered(credit("80.00", "A"), items=(disputed, NEW)) == (["60.00", "20.00"], "0.00")


@pytest.mark.parametrize("held", ["-1.00", "100.01"])
def test_more_than_what_is_unpaid_cannot_be_disputed(held):
    with pytest.raises(ValueError, match="held"):
        covered(items=(OLD._replace(held=Decimal(held)),))


# -- By value --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "value", "covered", "places", "expected"),
    [
        ("125.00", "100.00", "40.00", 2, "50.00"),
        ("125.00", "100.00", "105.00", 2, "125.00"),
        ("100", "66.67", "10", 0, "15"),
        ("10.000", "3.30", "1.00", 3, "3.030"),
        ("10.00", "0", "0", 2, "0.00"),
    ],
)
def test_the_share_of_an_item_that_a_value_covers(left, value, covered, places, expected):
    left, value, covered = map(Decimal, (left, value, covered))
    assert str(share(left, value, covered, places)) == expected

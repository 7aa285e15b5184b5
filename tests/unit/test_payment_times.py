"""Kaplan–Meier of the days late, against curves computed by hand."""

from decimal import Decimal

import pytest

from core.payment_times import Curve, kaplan_meier


def money(**amounts):
    """``d1="2"``: 2 at the age 1; ``m3``: three days before the due date."""
    signs = {"d": 1, "m": -1}
    return {signs[key[0]] * int(key[1:]): Decimal(value) for key, value in amounts.items()}


def rounded(curve):
    return [(age, round(share, 4)) for age, share in zip(curve.ages, curve.shares, strict=True)]


def test_a_curve_by_hand():
    # Ten at the start. Day 2: 2 of 10. Day 5: 3 of 8 - 1 (left on day 3) = 7. Day 9: 2 of 4 - 1.
    curve = kaplan_meier(
        money(d0="10"), money(d2="2", d5="3", d9="2"), money(d3="1", d6="1", d20="1")
    )
    assert rounded(curve) == [
        (2, Decimal("0.8")),
        (5, Decimal("0.4571")),  # 0.8 × 4 ÷ 7
        (9, Decimal("0.1524")),  # × 1 ÷ 3
    ]


def test_who_leaves_on_the_day_of_a_payment_was_at_risk_that_day():
    assert rounded(kaplan_meier(money(d0="4"), money(d3="1"), money(d3="3"))) == [
        (3, Decimal("0.75"))
    ]


def test_what_is_seen_later_is_at_risk_from_then_on():
    # Two from day 0, two more from day 10: 1 of 2 on day 5, 1 of 3 on day 12.
    curve = kaplan_meier(money(d0="2", d10="2"), money(d5="1", d12="1"), money(d20="2"))
    assert rounded(curve) == [(5, Decimal("0.5")), (12, Decimal("0.3333"))]


def test_early_payments_have_negative_ages():
    curve = kaplan_meier(money(m30="4"), money(m5="1", d0="3"), {})
    assert rounded(curve) == [(-5, Decimal("0.75")), (0, Decimal(0))]


def test_nothing_seen_means_that_nothing_is_expected():
    curve = kaplan_meier({}, {}, {})
    assert curve == Curve((), ())
    assert curve.paid_between(3, 0, 90) == 0


@pytest.mark.parametrize(
    ("age", "after", "until", "expected"),
    [
        (0, 0, 2, "0.2"),
        (0, 2, 9, "0.6"),
        (2, 0, 7, "0.75"),  # of the 0.8 left then
        (9, 0, 90, "0"),  # older than anything that was paid
        (-10, 0, 11, "0"),
    ],
)
def test_what_is_left_is_paid_as_others_were_from_that_age_on(age, after, until, expected):
    curve = Curve((2, 5, 9), (Decimal("0.8"), Decimal("0.4"), Decimal("0.2")))
    assert curve.paid_between(age, after, until) == Decimal(expected)


def test_older_than_all_that_was_seen_when_all_was_paid():
    curve = kaplan_meier(money(d0="1"), money(d4="1"), {})
    assert curve.paid_between(3, 0, 1) == 1
    assert curve.paid_between(4, 0, 90) == 0

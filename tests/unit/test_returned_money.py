"""What went back uses up what came in: the same amount first, then the latest money."""

from decimal import Decimal

import pytest

from core.spec.returned_money import Movement, take_back

from .samples import day


def money(key, amount, on, is_credit_note=False):
    return Movement(key, Decimal(amount), day(on), is_credit_note)


def taken(received, returned):
    left, met = take_back(received, returned)
    return (
        {key: str(int(amount)) for key, amount in left.items() if amount},
        {key: str(int(amount)) for key, amount in met.items()},
    )


def test_a_return_takes_back_the_receipt_of_its_amount():
    received = [money("a", "50", "2026-01-05"), money("b", "80", "2026-01-09")]
    assert taken(received, [money("back", "50", "2026-01-12")]) == ({"b": "80"}, {"back": "50"})


def test_of_two_receipts_of_one_amount_the_latest_went_back():
    received = [money("a", "50", "2026-01-05"), money("b", "50", "2026-01-09")]
    assert taken(received, [money("back", "50", "2026-01-12")]) == ({"a": "50"}, {"back": "50"})


def test_another_amount_uses_up_the_latest_money_then_credit_notes():
    received = [
        money("note", "30", "2026-01-20", is_credit_note=True),
        money("a", "50", "2026-01-05"),
        money("b", "20", "2026-01-09"),
    ]
    back = [money("back", "90", "2026-01-12")]
    assert taken(received, back) == ({"note": "10"}, {"back": "90"})


def test_what_is_not_met_is_due():
    returned = [money("x", "50", "2026-01-12"), money("y", "70", "2026-01-13")]
    assert taken([money("a", "60", "2026-01-05")], returned) == ({}, {"x": "50", "y": "10"})


def test_the_order_of_movements_does_not_matter():
    received = [money(key, "50", "2026-01-05") for key in range(4)]
    returned = [money(key, "50", "2026-01-12") for key in range(3)]
    assert taken(received, returned) == taken(received[::-1], returned[::-1])


def test_an_amount_is_never_negative():
    with pytest.raises(ValueError, match="amount must not be negative"):
        take_back([money("a", "-1", "2026-01-05")], [])

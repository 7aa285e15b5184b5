"""The early-payment discount: who took it, who did not, and what is left then."""

from decimal import Decimal

import pytest

from core.discount import discount_taken
from core.interest import Event

from .samples import day

LAST = day("2026-03-10")


def event(on, amount, kind="payment"):
    return Event(day(on), Decimal(amount), kind)


def taken(*events, principal="1200.00", discounted="1176.00", step="0.01"):
    """1,000 + 20 % with 2 % until 10 March: 1,176 where the discount lowers the VAT too."""
    return discount_taken(Decimal(principal), Decimal(discounted), LAST, events, Decimal(step))


@pytest.mark.parametrize(
    ("principal", "discounted", "rest"),
    [
        ("1200.00", "1176.00", "24.00"),  # included: the VAT is lowered on payment
        ("1200.00", "1180.00", "20.00"),  # excluded: the VAT stays whole
        ("1196.00", "1176.00", "20.00"),  # mixed: the VAT is lowered on the invoice
    ],
)
def test_the_discounted_sum_in_time_leaves_the_discount(principal, discounted, rest):
    found = taken(event("2026-03-10", discounted), principal=principal, discounted=discounted)
    assert found == Event(LAST, Decimal(rest), "discount")


@pytest.mark.parametrize(
    "events",
    [
        [event("2026-03-11", "1176.00")],  # a day late
        [event("2026-03-10", "1175.98")],  # less than the discounted sum
        [event("2026-03-05", "1000.00"), event("2026-03-11", "176.00")],
        [],
    ],
)
def test_who_pays_less_or_later_has_not_taken_it(events):
    assert taken(*events) is None


def test_it_may_be_paid_in_parts_and_is_taken_with_the_last():
    found = taken(event("2026-03-09", "176.00"), event("2026-03-02", "1000.00"))
    assert (found.on, found.amount) == (day("2026-03-09"), 24)


def test_a_cent_of_rounding_does_not_lose_it():
    assert taken(event("2026-03-10", "1175.99")).amount == Decimal("24.01")
    assert taken(event("2026-03-10", "1176.01")).amount == Decimal("23.99")


def test_a_credit_note_lowers_what_is_to_be_paid_in_proportion():
    note = event("2026-04-30", "200.00", "credit_note")
    # 1 000 is left: 980 with 2 %
    assert taken(note, event("2026-03-10", "980.00")).amount == 20
    assert taken(note, event("2026-03-10", "976.00")) is None


def test_who_paid_the_whole_took_none():
    assert taken(event("2026-03-10", "1200.00")) is None


def test_what_is_paid_later_all_the_same_changes_nothing():
    found = taken(event("2026-03-10", "1176.00"), event("2026-05-01", "24.00"))
    assert (found.on, found.amount) == (LAST, 24)

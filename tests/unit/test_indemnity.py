"""The 40 euros: who owes them, how many times, from when."""

import itertools
from decimal import Decimal

import pytest

from core.indemnity import FLAT_INDEMNITY, Instalment, flat_indemnities, settled_on
from core.interest import Event

from .samples import day

ON = day("2026-09-14")


def item(key, due, settled_on=None, invoice=None):
    return Instalment(key, invoice or key[0], day(due), settled_on and day(settled_on))


def bearers(*items, on=ON, regime="b2b", **options):
    return sorted(flat_indemnities(items, on, regime, **options))


TWO = item("A1", "2026-03-31"), item("A2", "2026-08-31")


def test_the_indemnity_is_40_euros():
    assert flat_indemnities(TWO, ON, "b2b") == {"A1": Decimal("40.00")}
    assert Decimal(40) == FLAT_INDEMNITY


@pytest.mark.parametrize("regime", ["b2b", "b2g"])
def test_a_professional_or_a_public_debtor_owes_it(regime):
    assert bearers(*TWO, regime=regime) == ["A1"]


def test_a_consumer_never_owes_it():
    assert bearers(*TWO, regime="b2c", one_per="instalment") == []


def test_each_late_invoice_bears_its_own():
    assert bearers(item("A", "2026-03-31"), item("B", "2026-03-31")) == ["A", "B"]


def test_each_late_instalment_bears_its_own_on_option():
    assert bearers(*TWO, one_per="instalment") == ["A1", "A2"]


def test_the_earliest_late_instalment_bears_that_of_the_invoice():
    for order in itertools.permutations([*TWO, item("A0", "2026-03-31")]):
        assert bearers(*order) == ["A0"]


@pytest.mark.parametrize(("on", "expected"), [("2026-03-31", []), ("2026-04-01", ["A1"])])
def test_it_is_due_from_the_day_after_the_due_date(on, expected):
    assert bearers(*TWO, on=day(on)) == expected


def test_an_item_paid_in_time_bears_none():
    assert bearers(item("A", "2026-03-31", settled_on="2026-03-31")) == []


def test_an_item_paid_late_keeps_its_own():
    assert bearers(item("A", "2026-03-31", settled_on="2026-04-01")) == ["A"]


def test_the_first_instalment_paid_in_time_leaves_it_to_the_second():
    assert bearers(item("A1", "2026-03-31", settled_on="2026-03-30"), TWO[1]) == ["A2"]


@pytest.mark.parametrize(
    ("judgment", "expected"),
    [("2026-03-31", []), ("2026-04-01", ["A1"]), ("2026-09-01", ["A1", "A2"])],
)
def test_what_falls_due_from_the_opening_judgment_bears_none(judgment, expected):
    assert bearers(*TWO, one_per="instalment", opening_judgment=day(judgment)) == expected


def test_unknown_words_are_refused():
    with pytest.raises(ValueError, match="regime must be one of b2b, b2g, b2c"):
        bearers(*TWO, regime="b2x")
    with pytest.raises(ValueError, match="one_per must be one of invoice, instalment"):
        bearers(*TWO, one_per="reminder")


# what is settled, but for a rounding


def paid(*amounts):
    """One payment a day from the due date back."""
    return [
        Event(day(f"2026-03-{31 - rank}"), Decimal(amount), "payment")
        for rank, amount in enumerate(amounts)
    ]


@pytest.mark.parametrize(
    ("principal", "amounts", "step"),
    [
        ("1000.00", ["1000.00"], "0.01"),
        ("1000.00", ["999.99"], "0.01"),  # one cent, one payment
        ("100.00", ["33.33", "33.33", "33.33"], "0.01"),  # a third, three times
        ("100.00", ["14.28"] * 7, "0.01"),  # four cents in seven payments
        ("100000", ["99999"], "1"),  # yen
        ("100.122", ["50.060", "50.060"], "0.001"),  # two fils in two payments
    ],
)
def test_a_rest_that_is_a_rounding_is_settled(principal, amounts, step):
    assert settled_on(Decimal(principal), paid(*amounts), Decimal(step)) == day("2026-03-31")


@pytest.mark.parametrize(
    ("principal", "amounts", "step"),
    [
        ("1000.00", ["999.98"], "0.01"),
        ("1000.00", ["999.00"], "0.01"),  # one euro is small, and is owed (CJEU C-279/23)
        ("100.00", ["14.28"] * 6, "0.01"),
        ("100.122", ["100.120"], "0.001"),
        ("0.01", [], "0.01"),  # nobody paid anything
        ("0.01", ["0.00"], "0.01"),
    ],
)
def test_a_rest_beyond_the_rounding_is_open(principal, amounts, step):
    assert settled_on(Decimal(principal), paid(*amounts), Decimal(step)) is None


def test_it_is_settled_on_the_day_of_what_settled_it_whatever_the_order():
    events = paid("400.00", "600.00")
    assert settled_on(Decimal(1000), reversed(events)) == day("2026-03-31")
    assert settled_on(Decimal(600), events) == day("2026-03-30")

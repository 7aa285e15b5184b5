"""A promise is kept by what arrives in time, within the tolerance."""

from decimal import Decimal

import pytest

from core.promises import last_day, outcome

from .samples import day

UNTIL = day("2026-06-15")
BEFORE, AFTER = day("2026-06-15"), day("2026-06-16")


def judge(received, today=AFTER, **values):
    return outcome(Decimal("100"), Decimal(received), UNTIL, today, **values)


def test_the_tolerance_in_days_counts_from_the_day_promised():
    assert last_day(day("2026-06-30"), 3) == day("2026-07-03")
    assert last_day(day("2026-06-30"), 0) == day("2026-06-30")
    with pytest.raises(ValueError, match="tolerance_days"):
        last_day(day("2026-06-30"), -1)


def test_a_promise_runs_up_to_its_last_day():
    assert judge("0", BEFORE) == "running"
    assert judge("60", BEFORE) == "running"
    assert judge("0") == "broken"


def test_it_is_kept_as_soon_as_the_amount_arrived():
    assert judge("100", BEFORE) == judge("120") == "kept"


def test_a_part_is_a_part():
    assert judge("99.99") == "partly"
    assert judge("0.01") == "partly"


def test_the_tolerance_in_money_forgives_what_is_missing_and_is_no_payment():
    five = {"tolerance": Decimal("5")}
    assert judge("95", **five) == "kept"
    assert judge("94.99", **five) == "partly"
    assert judge("5", **five) == "broken"
    assert outcome(Decimal("4"), Decimal("0"), UNTIL, AFTER, **five) == "broken"


def test_nothing_left_to_pay_is_kept_without_any_money():
    assert judge("0", settled=True) == "kept"


@pytest.mark.parametrize("name", ["amount", "received", "tolerance"])
def test_a_negative_amount_is_refused(name):
    values = {"amount": Decimal("1"), "received": Decimal("1"), "tolerance": Decimal("1")}
    values[name] = Decimal("-1")
    with pytest.raises(ValueError, match=name):
        outcome(until=UNTIL, today=AFTER, **values)

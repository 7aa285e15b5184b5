"""The clocks of a contract of credit insurance are those that it sets, and no other."""

from datetime import date
from decimal import Decimal

import pytest

from core.cover import Clocks, Contract, clocks, is_extension_allowed, next_step, split

DUE = date(2026, 3, 31)
USUAL = Contract(notify_days=60, extension_days=30, intervene_days=90, waiting_days=150)
CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("contract", "more", "expected"),
    [
        (USUAL, {}, (date(2026, 5, 30), date(2026, 4, 30), date(2026, 6, 29), None)),
        (
            USUAL,
            {"extended_to": date(2026, 4, 30)},
            (date(2026, 5, 30), date(2026, 4, 30), date(2026, 7, 29), None),
        ),
        (
            USUAL,
            {"asked_on": date(2026, 6, 20)},
            (date(2026, 5, 30), date(2026, 4, 30), date(2026, 6, 29), date(2026, 11, 17)),
        ),
        (Contract(), {"asked_on": date(2026, 6, 20)}, (None, None, None, None)),
        (Contract(notify_days=0), {}, (DUE, None, None, None)),
        (Contract(intervene_days=336), {}, (None, None, date(2027, 3, 2), None)),
    ],
)
def test_the_delays_are_counted_as_the_contract_says(contract, more, expected):
    assert clocks(contract, DUE, **more) == expected


@pytest.mark.parametrize(
    ("contract", "more"),
    [
        (Contract(notify_days=-1), {}),
        (Contract(waiting_days=-150), {}),
        (USUAL, {"extended_to": date(2026, 3, 30)}),
    ],
)
def test_impossible_delays_are_refused(contract, more):
    with pytest.raises(ValueError, match=r"negative|extension"):
        clocks(contract, DUE, **more)


@pytest.mark.parametrize(
    ("today", "notified", "asked", "step"),
    [
        (date(2026, 5, 30), False, None, "notify"),
        (date(2026, 5, 31), False, None, "late"),
        (date(2026, 5, 31), True, None, "intervene"),
        (date(2026, 6, 29), True, None, "intervene"),
        (date(2026, 6, 30), True, None, "late"),
        (date(2026, 6, 30), True, date(2026, 6, 20), "wait"),
        (date(2026, 11, 16), True, date(2026, 6, 20), "wait"),
        (date(2026, 11, 17), True, date(2026, 6, 20), "claim"),
    ],
)
def test_what_is_to_be_done_next(today, notified, asked, step):
    limits = clocks(USUAL, DUE, asked_on=asked)
    assert next_step(limits, today, notified=notified, asked_on=asked) == step


def test_a_contract_without_delays_asks_for_nothing():
    assert next_step(Clocks(None, None, None, None), DUE) == "nothing"
    assert next_step(clocks(Contract(), DUE), DUE, asked_on=DUE) == "wait"


@pytest.mark.parametrize(
    ("until", "allowed"), [(date(2026, 4, 30), True), (date(2026, 5, 1), False)]
)
def test_an_extension_beyond_the_contract_needs_the_insurer(until, allowed):
    assert is_extension_allowed(USUAL, DUE, until) == allowed
    assert is_extension_allowed(Contract(), DUE, until)


@pytest.mark.parametrize(
    ("amount", "limit", "percent", "expected"),
    [
        ("12000", "10000", "90", ("10000", "9000", "3000")),
        ("5000", "10000", "90", ("5000", "4500", "500")),
        ("5000", "0", "90", ("0", "0", "5000")),
        ("33.33", "100", "85", ("33.33", "28.33", "5.00")),
        ("0", "100", "100", ("0", "0", "0")),
    ],
)
def test_what_the_insurer_bears(amount, limit, percent, expected):
    found = split(Decimal(amount), Decimal(limit), Decimal(percent), CENT)
    assert found == tuple(map(Decimal, expected))
    assert found.indemnity + found.own_share == Decimal(amount)


@pytest.mark.parametrize("wrong", [("-1", "1", "90"), ("1", "-1", "90"), ("1", "1", "101")])
def test_impossible_shares_are_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        split(*map(Decimal, wrong), CENT)

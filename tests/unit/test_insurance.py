"""The clocks of a contract of credit insurance are those that it sets, and no other."""

from datetime import date
from decimal import Decimal

import pytest

from core.insurance import (
    Clocks,
    Contract,
    Told,
    clocks,
    is_extension_allowed,
    is_stopped,
)
from core.insured_share import share
from core.insured_steps import exclusion, is_told_late, next_step

DUE = date(2026, 3, 31)
USUAL = Contract(notify_days=60, extension_days=30, intervene_days=90, waiting_days=150)
# Contracts as different as persons may read them: each delay alone, none, nought, over a leap day.
LONG = Contract(notify_days=30, extension_days=60, intervene_days=180, waiting_days=60)
EXPORT = Contract(notify_days=90, intervene_days=336)
AT_ONCE = Contract(notify_days=0, extension_days=0)
REQUEST_ONLY = Contract(intervene_days=90, waiting_days=0)
CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("contract", "told", "expected"),
    [
        (USUAL, Told(), ("2026-05-30", "2026-04-30", "2026-06-29", None, "2026-04-30")),
        (
            USUAL,
            Told(extended_to=date(2026, 4, 30)),
            ("2026-05-30", "2026-04-30", "2026-07-29", None, "2026-04-30"),
        ),
        # Longer than the contract: nothing moves beyond it, until the insurer consents.
        (
            USUAL,
            Told(extended_to=date(2026, 6, 30)),
            ("2026-05-30", "2026-04-30", "2026-07-29", None, "2026-04-30"),
        ),
        (
            USUAL,
            Told(extended_to=date(2026, 6, 30), consented_on=date(2026, 4, 20)),
            ("2026-05-30", "2026-04-30", "2026-09-28", None, "2026-06-30"),
        ),
        (
            USUAL,
            Told(asked_on=date(2026, 6, 20)),
            ("2026-05-30", "2026-04-30", "2026-06-29", "2026-11-17", "2026-04-30"),
        ),
        (LONG, Told(), ("2026-04-30", "2026-05-30", "2026-09-27", None, "2026-05-30")),
        (EXPORT, Told(), ("2026-06-29", None, "2027-03-02", None, None)),
        (
            EXPORT,
            Told(extended_to=date(2026, 9, 30)),
            ("2026-06-29", None, "2027-09-01", None, None),
        ),
        (AT_ONCE, Told(), ("2026-03-31", "2026-03-31", None, None, "2026-03-31")),
        (
            REQUEST_ONLY,
            Told(asked_on=date(2026, 6, 20)),
            (None, None, "2026-06-29", "2026-06-20", None),
        ),
        (Contract(), Told(asked_on=date(2026, 6, 20)), (None, None, None, None, None)),
    ],
)
def test_the_delays_are_counted_as_the_contract_says(contract, told, expected):
    days = tuple(day and date.fromisoformat(day) for day in expected)
    assert clocks(contract, DUE, told) == days


def test_a_delay_goes_over_the_leap_day():
    assert clocks(USUAL, date(2027, 12, 31)).notify_by == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("contract", "told"),
    [
        (Contract(notify_days=-1), Told()),
        (Contract(waiting_days=-150), Told()),
        (Contract(term_days=-60), Told()),
        (USUAL, Told(extended_to=date(2026, 3, 30))),
    ],
)
def test_impossible_delays_are_refused(contract, told):
    with pytest.raises(ValueError, match=r"negative|extension"):
        clocks(contract, DUE, told)


ASKED = Told(notified_on=date(2026, 5, 30), asked_on=date(2026, 6, 20))


@pytest.mark.parametrize(
    ("contract", "today", "told", "step"),
    [
        (USUAL, date(2026, 5, 30), Told(), "notify"),
        (USUAL, date(2026, 5, 31), Told(), "late"),
        (USUAL, date(2026, 5, 31), Told(date(2026, 5, 30)), "intervene"),
        (USUAL, date(2026, 6, 29), Told(date(2026, 5, 30)), "intervene"),
        (USUAL, date(2026, 6, 30), Told(date(2026, 5, 30)), "late"),
        (USUAL, date(2026, 6, 30), ASKED, "wait"),
        (USUAL, date(2026, 11, 16), ASKED, "wait"),
        (USUAL, date(2026, 11, 17), ASKED, "claim"),
        (LONG, date(2026, 4, 30), Told(), "notify"),
        (EXPORT, date(2026, 6, 30), Told(date(2026, 6, 1)), "intervene"),
        (AT_ONCE, date(2026, 4, 1), Told(), "late"),
        (AT_ONCE, date(2026, 4, 1), Told(DUE), "nothing"),
        (REQUEST_ONLY, date(2026, 4, 1), Told(), "intervene"),
        (Contract(), date(2026, 4, 1), Told(), "nothing"),
        (Contract(), DUE, Told(asked_on=DUE), "wait"),
    ],
)
def test_what_is_to_be_done_next(contract, today, told, step):
    assert next_step(clocks(contract, DUE, told), today, told) == step
    assert next_step(clocks(contract, DUE, told), today, told, "dispute") == "excluded"


@pytest.mark.parametrize(
    ("today", "told", "late"),
    [
        (date(2026, 5, 30), Told(), False),
        (date(2026, 5, 31), Told(), True),
        (date(2027, 5, 31), Told(date(2026, 5, 30), date(2026, 6, 29)), False),
        (date(2027, 5, 31), Told(date(2026, 5, 31), date(2026, 6, 29)), True),
        (date(2027, 5, 31), Told(date(2026, 5, 30), date(2026, 6, 30)), True),
        (date(2026, 7, 1), Told(date(2026, 5, 30)), True),
    ],
)
def test_what_was_told_too_late(today, told, late):
    assert is_told_late(clocks(USUAL, DUE, told), today, told) == late
    assert not is_told_late(clocks(Contract(), DUE, told), today, told)


@pytest.mark.parametrize(
    ("contract", "term", "disputed", "why"),
    [
        (Contract(term_days=60), 60, False, ""),
        (Contract(term_days=60), 61, False, "term"),
        (Contract(term_days=60, excludes_disputes=True), 61, True, "term"),
        (Contract(excludes_disputes=True), 400, True, "dispute"),
        (Contract(excludes_disputes=True), 400, False, ""),
        (Contract(), 400, True, ""),
        (Contract(term_days=0), 1, False, "term"),
    ],
)
def test_what_the_contract_leaves_out(contract, term, disputed, why):
    issued = date.fromordinal(DUE.toordinal() - term)
    assert exclusion(contract, issued, DUE, disputed=disputed) == why


@pytest.mark.parametrize(
    ("until", "allowed"), [(date(2026, 4, 30), True), (date(2026, 5, 1), False)]
)
def test_an_extension_beyond_the_contract_needs_the_insurer(until, allowed):
    assert is_extension_allowed(USUAL, DUE, until) == allowed
    assert is_extension_allowed(Contract(), DUE, until)


def test_deliveries_stop_once_the_longest_extension_is_over():
    assert not is_stopped(clocks(USUAL, DUE), date(2026, 4, 30))
    assert is_stopped(clocks(USUAL, DUE), date(2026, 5, 1))
    consented = Told(extended_to=date(2026, 6, 30), consented_on=DUE)
    assert not is_stopped(clocks(USUAL, DUE, consented), date(2026, 6, 30))
    assert is_stopped(clocks(USUAL, DUE, consented), date(2026, 7, 1))
    assert not is_stopped(Clocks(None, None, None, None, None), date(2036, 1, 1))


@pytest.mark.parametrize(
    ("amounts", "limit", "percent", "expected"),
    [
        (["12000"], "10000", "90", [("10000", "9000", "3000")]),
        (["5000"], "10000", "90", [("5000", "4500", "500")]),
        (["5000"], "0", "90", [("0", "0", "5000")]),
        (["33.33"], "100", "85", [("33.33", "28.33", "5.00")]),
        (["0"], "100", "100", [("0", "0", "0")]),
        # The oldest fill the limit; what comes after it is not covered.
        (
            ["7000", "5000", "100"],
            "10000",
            "90",
            [("7000", "6300", "700"), ("3000", "2700", "2300"), ("0", "0", "100")],
        ),
    ],
)
def test_what_the_insurer_bears(amounts, limit, percent, expected):
    owed = [Decimal(amount) for amount in amounts]
    found = share(owed, Decimal(limit), Decimal(percent), CENT)
    assert found == [tuple(map(Decimal, each)) for each in expected]
    assert [split.indemnity + split.own_share for split in found] == owed


@pytest.mark.parametrize("wrong", [("-1", "1", "90"), ("1", "-1", "90"), ("1", "1", "101")])
def test_impossible_shares_are_refused(wrong):
    amount, limit, percent = map(Decimal, wrong)
    with pytest.raises(ValueError, match=r"."):
        share([amount], limit, percent, CENT)

"""The last day to act, and how it was counted."""

import itertools
from datetime import timedelta

import pytest

from core.limitation import (
    INTERRUPTING,
    WITHOUT_EFFECT,
    Interruption,
    latest_start,
    limitation,
)

from .samples import day


def last_day(start, regime="b2b", *events, **options):
    found = [Interruption(day(on), kind) for on, kind in events]
    return limitation(day(start), regime, found, **options).last_day


@pytest.mark.parametrize(
    ("regime", "expected"),
    [("b2b", "2031-03-31"), ("b2c", "2028-03-31"), ("b2g", "2030-12-31")],
)
def test_each_regime_has_its_period(regime, expected):
    assert last_day("2026-03-31", regime) == day(expected)


@pytest.mark.parametrize("regime", ["b2b", "b2c", "b2g"])
def test_a_claim_for_carriage_has_one_year_whatever_the_regime(regime):
    assert last_day("2026-03-31", regime, carriage_of_goods=True) == day("2027-03-31")


@pytest.mark.parametrize("start", ["2026-01-01", "2026-06-10", "2026-12-31"])
def test_public_debtors_count_from_the_next_first_of_january(start):
    assert last_day(start, "b2g") == day("2030-12-31")


def test_the_29_of_february_ends_on_the_28():
    assert last_day("2024-02-29") == day("2029-02-28")


@pytest.mark.parametrize("kind", INTERRUPTING)
def test_an_interruption_starts_the_period_again_in_full(kind):
    assert last_day("2026-03-31", "b2c", ("2027-10-05", kind)) == day("2029-10-05")


def test_an_interruption_of_the_public_period_starts_again_in_january():
    assert last_day("2026-03-31", "b2g", ("2028-05-02", "court_claim")) == day("2032-12-31")


@pytest.mark.parametrize("kind", WITHOUT_EFFECT)
def test_a_formal_notice_or_a_filed_request_does_not_interrupt(kind):
    assert last_day("2026-03-31", "b2b", ("2027-10-05", kind)) == day("2031-03-31")


def test_filing_does_not_interrupt_but_service_does():
    events = ("2026-10-01", "order_filed"), ("2026-12-15", "order_served")
    assert last_day("2026-03-31", "b2b", *events) == day("2031-12-15")


def test_an_interruption_on_the_last_day_is_in_time():
    assert last_day("2026-03-31", "b2c", ("2028-03-31", "court_claim")) == day("2030-03-31")


def test_an_interruption_after_the_last_day_revives_nothing():
    assert last_day("2026-03-31", "b2c", ("2028-04-01", "court_claim")) == day("2028-03-31")


def test_an_interruption_before_the_start_has_nothing_to_interrupt():
    assert last_day("2026-03-31", "b2c", ("2026-03-30", "acknowledgement")) == day("2028-03-31")


def test_an_interruption_on_the_first_day_counts():
    events = [Interruption(day("2026-03-31"), "acknowledgement")]
    assert limitation(day("2026-03-31"), "b2c", events).steps[1].effect == "restarts"


def test_the_steps_tell_how_it_was_counted():
    events = [
        Interruption(day("2026-05-18"), "formal_notice"),
        Interruption(day("2026-02-01"), "acknowledgement"),
        Interruption(day("2027-01-10"), "acknowledgement"),
        Interruption(day("2029-02-01"), "enforcement"),
    ]
    steps = limitation(day("2026-03-31"), "b2c", events).steps
    assert [(step.kind, step.effect, step.last_day) for step in steps] == [
        ("start", "starts", day("2028-03-31")),
        ("acknowledgement", "early", day("2028-03-31")),
        ("formal_notice", "none", day("2028-03-31")),
        ("acknowledgement", "restarts", day("2029-01-10")),
        ("enforcement", "late", day("2029-01-10")),
    ]
    assert [step.source for step in steps] == [
        "C. conso. L. 218-2",
        "C. civ. 2240",
        "Cass. com. 18/05/2022 n° 20-23.204",
        "C. civ. 2240",
        "C. civ. 2244",
    ]


def test_the_order_of_the_events_does_not_matter():
    events = [
        Interruption(day("2027-01-10"), "acknowledgement"),
        Interruption(day("2027-01-10"), "formal_notice"),
        Interruption(day("2028-12-01"), "court_claim"),
    ]
    expected = limitation(day("2026-03-31"), "b2c", events)
    assert expected.last_day == day("2030-12-01")
    for order in itertools.permutations(events):
        assert limitation(day("2026-03-31"), "b2c", order) == expected


def test_unknown_words_are_refused():
    with pytest.raises(ValueError, match="regime must be one of b2b, b2c, b2g"):
        last_day("2026-03-31", "b2x")
    with pytest.raises(ValueError, match="kind must be one of acknowledgement, court_claim"):
        last_day("2026-03-31", "b2b", ("2027-01-10", "phone_call"))


@pytest.mark.parametrize("regime", ["b2b", "b2c", "b2g"])
@pytest.mark.parametrize(
    "horizon", ["2029-02-27", "2029-02-28", "2029-03-01", "2030-12-30", "2030-12-31", "2028-02-29"]
)
def test_the_latest_start_is_the_last_that_is_over_by_a_day(regime, horizon):
    start = latest_start(day(horizon), regime)
    assert limitation(start, regime).last_day <= day(horizon)
    assert limitation(start + timedelta(days=1), regime).last_day > day(horizon)


def test_the_latest_start_needs_a_regime():
    with pytest.raises(ValueError, match="regime"):
        latest_start(day("2030-01-01"), "unknown")

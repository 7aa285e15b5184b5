"""Expected receipts: commitments first, then habits, by week."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.forecast import Expected, by_week, expect

from .samples import day

TODAY = day("2026-06-03")  # a Wednesday


def expected(on, amount, certainty="probable"):
    return Expected(day(on), Decimal(amount), certainty)


def test_a_commitment_comes_before_the_habits():
    on = day("2026-06-20")
    assert expect(day("2026-05-01"), TODAY, 90, committed=on) == (on, "certain")


def test_a_commitment_for_today_still_holds():
    assert expect(day("2026-05-01"), TODAY, 0, committed=TODAY) == (TODAY, "certain")


def test_a_broken_promise_is_at_risk_even_within_the_habits():
    yesterday = TODAY - timedelta(days=1)
    on, certainty = expect(day("2026-06-01"), TODAY, 30, committed=yesterday)
    assert (on, certainty) == (day("2026-07-01"), "at_risk")


def test_without_a_commitment_the_habits_say_when():
    assert expect(day("2026-06-10"), TODAY, 12) == (day("2026-06-22"), "probable")


def test_late_within_the_habits_is_probable():
    assert expect(day("2026-05-30"), TODAY, 10) == (day("2026-06-09"), "probable")


def test_late_beyond_the_habits_is_expected_now_and_at_risk():
    assert expect(day("2026-05-01"), TODAY, 10) == (TODAY, "at_risk")


def test_who_pays_early_is_not_at_risk_before_the_due_date():
    assert expect(day("2026-06-04"), TODAY, -5) == (TODAY, "probable")


@pytest.mark.parametrize("committed", [None, day("2026-06-20")])
def test_what_is_disputed_is_at_risk_whatever_the_habits(committed):
    assert expect(day("2026-06-10"), TODAY, 0, committed=committed, doubtful=True)[1] == "at_risk"


def test_weeks_run_from_monday_to_sunday_and_the_present_one_is_the_first():
    weeks = by_week(
        [expected("2026-06-03", "1"), expected("2026-06-07", "2"), expected("2026-06-08", "4")],
        TODAY,
    )
    assert len(weeks) == 14
    assert (weeks[0].start, weeks[0].end) == (day("2026-06-01"), day("2026-06-07"))
    assert weeks[0].amounts["probable"] == Decimal("3")
    assert weeks[1].amounts["probable"] == Decimal("4")


def test_what_comes_after_the_last_week_is_kept():
    weeks = by_week([expected("2026-08-30", "1"), expected("2026-08-31", "2")], TODAY)
    assert weeks[12].amounts["probable"] == Decimal("1")
    assert (weeks[13].start, weeks[13].end) == (day("2026-08-31"), None)
    assert weeks[13].amounts["probable"] == Decimal("2")


def test_nothing_is_lost_whatever_the_certainty():
    items = [expected("2026-06-10", "1", name) for name in ("certain", "probable", "at_risk")]
    assert sum(sum(week.amounts.values()) for week in by_week(items, TODAY)) == 3


@pytest.mark.parametrize(
    ("item", "error", "message"),
    [
        (expected("2026-06-02", "1"), ValueError, "in the past"),
        (expected("2026-06-10", "1", "sure"), ValueError, "certainty must be one of"),
        (Expected(TODAY, 1.0, "certain"), TypeError, "must be a Decimal"),
    ],
)
def test_what_makes_no_sense_is_refused(item, error, message):
    with pytest.raises(error, match=message):
        by_week([item], TODAY)

"""The demo's office works on working days, whatever the day on which the demo is made."""

from datetime import date, timedelta

import pytest

from core.working_days import is_working_day, next_working_day, previous_working_day

ACTS = [50, 45, 44, 38, 36, 34, 33, 31, 30, 25, 22, 20, 15, 13]
# Four years: each day of the week before, on and after each holiday.
TODAYS = [date(2025, 1, 1) + timedelta(days=number) for number in range(4 * 365)]


@pytest.mark.parametrize("year", range(2025, 2029))
def test_what_is_done_is_done_on_working_days_and_in_its_order(year):
    for today in (day for day in TODAYS if day.year == year):
        meant = [today - timedelta(days=number) for number in ACTS]
        done = [next_working_day(day) for day in meant]
        assert done == sorted(done)
        assert done[-1] < today
        for day, on in zip(meant, done, strict=True):
            assert is_working_day(on)
            assert 0 <= (on - day).days <= 5


@pytest.mark.parametrize(
    ("today", "on"),
    [
        (date(2026, 6, 2), date(2026, 5, 20)),  # a Wednesday stays one
        (date(2026, 6, 6), date(2026, 5, 26)),  # a Sunday, then Whit Monday
        (date(2027, 1, 7), date(2026, 12, 28)),  # Christmas Day, then a week-end
    ],
)
def test_an_act_waits_for_the_next_working_day(today, on):
    assert next_working_day(today - timedelta(days=13)) == on


@pytest.mark.parametrize("count", [1, 12])
def test_what_came_before_an_invoice_came_on_a_working_day(count):
    for day in TODAYS:
        found = previous_working_day(day - timedelta(days=count - 1))
        assert is_working_day(found)
        assert count <= (day - found).days <= count + 5

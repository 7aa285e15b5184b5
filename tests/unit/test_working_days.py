"""French public holidays and working days."""

import pytest

from core.working_days import (
    add_working_days,
    is_working_day,
    next_working_day,
    previous_working_day,
    public_holidays,
    working_days_between,
)

from .samples import day


def test_the_eleven_holidays_of_2026():
    assert sorted(map(str, public_holidays(2026))) == [
        "2026-01-01",
        "2026-04-06",
        "2026-05-01",
        "2026-05-08",
        "2026-05-14",
        "2026-05-25",
        "2026-07-14",
        "2026-08-15",
        "2026-11-01",
        "2026-11-11",
        "2026-12-25",
    ]


def test_alsace_moselle_has_two_more():
    more = public_holidays(2026, "alsace_moselle") - public_holidays(2026)
    assert sorted(map(str, more)) == ["2026-04-03", "2026-12-26"]


@pytest.mark.parametrize(
    ("year", "monday"), [(2024, "2024-04-01"), (2025, "2025-04-21"), (2027, "2027-03-29")]
)
def test_easter_moves(year, monday):
    assert day(monday) in public_holidays(year)


def test_two_holidays_may_fall_on_one_day():
    assert len(public_holidays(2008)) == 10  # Ascension on 1 May


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20", True),
        ("2026-11-21", False),
        ("2026-11-22", False),
        ("2026-11-11", False),
        ("2026-04-03", True),
    ],
)
def test_a_working_day_is_no_week_end_and_no_holiday(text, expected):
    assert is_working_day(day(text)) is expected


def test_good_friday_is_worked_outside_alsace_moselle():
    assert not is_working_day(day("2026-04-03"), "alsace_moselle")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-21", "2026-11-23"),
        ("2026-12-25", "2026-12-28"),
        ("2027-01-01", "2027-01-04"),
    ],
)
def test_the_next_working_day_is_the_day_itself_when_it_is_worked(text, expected):
    assert next_working_day(day(text)) == day(expected)


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("2026-11-21", 0, "2026-11-21"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-05-07", 1, "2026-05-11"),
        ("2026-12-31", 5, "2027-01-08"),
    ],
)
def test_adding_working_days_jumps_over_the_others(text, count, expected):
    assert add_working_days(day(text), count) == day(expected)


def test_working_days_are_not_added_backwards():
    with pytest.raises(ValueError, match="count must not be negative"):
        add_working_days(day("2026-11-20"), -1)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-20", "2026-11-22", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-09", "2026-11-13", 3),
        ("2026-11-23", "2026-11-20", 0),
    ],
)
def test_working_days_are_counted_after_the_start_up_to_the_end(start, end, count):
    assert working_days_between(day(start), day(end)) == count


def test_counting_and_adding_agree():
    start = day("2026-04-01")
    for count in range(60):
        assert working_days_between(start, add_working_days(start, count)) == count


def test_alsace_moselle_counts_its_own_days():
    start, end = day("2026-04-02"), day("2026-04-07")
    assert working_days_between(start, end) == 2
    assert working_days_between(start, end, "alsace_moselle") == 1
    assert add_working_days(start, 1, "alsace_moselle") == end


@pytest.mark.parametrize(
    ("today", "place", "before"),
    [
        ("2026-06-03", "mainland", "2026-06-02"),  # a Wednesday
        ("2026-06-01", "mainland", "2026-05-29"),  # a Monday
        ("2026-05-26", "mainland", "2026-05-22"),  # the day after Whit Monday
        ("2026-12-27", "alsace_moselle", "2026-12-24"),  # both days of Christmas, then a Sunday
    ],
)
def test_the_working_day_before(today, place, before):
    assert previous_working_day(day(today), place) == day(before)

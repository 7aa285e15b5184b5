"""Which level an item reaches: the ladder, the interval, the printed deadline."""

import itertools
from datetime import timedelta

import pytest

from core.schedule import Level, is_reached, next_level, reached_level

from .samples import day

DUE = day("2026-03-31")
COURTESY = Level("courtesy", -5)
FIRST, FIRM = Level("reminder", 5), Level("reminder", 15)
REGISTERED = Level("registered", 30)
FORMAL = Level("formal_notice", 45)
STANDARD = [COURTESY, FIRST, FIRM, REGISTERED, FORMAL]


def after(days):
    return DUE + timedelta(days=days)


# levels


def test_levels_compare_by_kind_then_by_days():
    assert sorted([FORMAL, FIRM, COURTESY, REGISTERED, FIRST]) == STANDARD
    assert Level("reminder", 60) < Level("registered", 10) < Level("formal_notice", 5)
    assert FIRM > FIRST
    assert not FIRST > FIRST


def test_levels_of_two_policies_are_the_same_step_with_the_same_kind_and_days():
    assert Level("reminder", 5, key="standard") == Level("reminder", 5, key="large accounts")


@pytest.mark.parametrize(
    ("kind", "days"), [("courtesy", 1), ("reminder", 0), ("reminder", -5), ("formal_notice", 0)]
)
def test_a_level_stands_on_its_side_of_the_due_date(kind, days):
    with pytest.raises(ValueError, match="days from the due date"):
        Level(kind, days)


def test_a_courtesy_may_stand_on_the_due_date():
    assert Level("courtesy", 0).is_courtesy


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind must be one of courtesy, reminder"):
        Level("threat", 5)


# the next level


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (None, FIRST),
        (COURTESY, FIRST),
        (FIRST, FIRM),
        (FIRM, REGISTERED),
        (REGISTERED, FORMAL),
        (FORMAL, None),
    ],
)
def test_an_overdue_item_climbs_one_step_at_a_time(current, expected):
    assert next_level(STANDARD, current, DUE, after(200)) == expected


@pytest.mark.parametrize(("days", "expected"), [(-30, COURTESY), (0, COURTESY), (1, FIRST)])
def test_a_courtesy_is_skipped_once_the_item_is_past_due(days, expected):
    assert next_level(STANDARD, None, DUE, after(days)) == expected


def test_after_its_courtesy_an_item_waits_for_the_first_reminder():
    assert next_level(STANDARD, COURTESY, DUE, after(-2)) == FIRST


def test_the_order_of_a_policy_does_not_matter():
    for levels in itertools.permutations(STANDARD):
        assert next_level(levels, FIRST, DUE, after(200)) == FIRM


def test_a_level_of_another_policy_is_compared_like_its_own():
    levels = [Level("reminder", 8), Level("reminder", 20), Level("formal_notice", 40)]
    assert next_level(levels, Level("reminder", 10), DUE, after(200)).days == 20
    assert next_level(levels, REGISTERED, DUE, after(200)).kind == "formal_notice"


def test_an_empty_policy_has_no_next_level():
    assert next_level([], None, DUE, after(200)) is None


# reaching it


def reached(level, days, last=None, interval=7, deadline=None):
    last_on = None if last is None else after(last)
    deadline_on = None if deadline is None else after(deadline)
    return is_reached(level, DUE, after(days), last_on, interval, deadline_on)


@pytest.mark.parametrize(("days", "expected"), [(4, False), (5, True), (90, True)])
def test_a_level_is_reached_from_its_day_on(days, expected):
    assert reached(FIRST, days) is expected


@pytest.mark.parametrize(
    ("days", "expected"), [(-6, False), (-5, True), (-1, True), (0, True), (1, False)]
)
def test_a_courtesy_is_reached_up_to_the_due_date(days, expected):
    assert reached(COURTESY, days) is expected


@pytest.mark.parametrize(("days", "expected"), [(20, False), (26, False), (27, True)])
def test_a_customer_is_left_in_peace_between_two_notices(days, expected):
    assert reached(FIRM, days, last=20) is expected


def test_a_courtesy_waits_like_any_other_level():
    assert not reached(COURTESY, -3, last=-5)


def test_no_interval_allows_a_notice_the_same_day():
    assert reached(FIRM, 20, last=20, interval=0)


@pytest.mark.parametrize(("days", "expected"), [(22, False), (23, False), (24, True)])
def test_the_deadline_printed_in_a_letter_binds_through_its_last_day(days, expected):
    assert reached(FIRM, days, deadline=23) is expected


def test_the_interval_and_the_deadline_must_both_be_over():
    assert not reached(FIRM, 30, last=25, deadline=20)
    assert not reached(FIRM, 30, last=10, deadline=30)
    assert reached(FIRM, 32, last=25, deadline=30)


def test_a_negative_interval_is_refused():
    with pytest.raises(ValueError, match="min_interval must not be negative"):
        reached(FIRM, 20, interval=-1)


# both together


@pytest.mark.parametrize(("days", "expected"), [(4, None), (5, FIRST), (90, FIRST)])
def test_an_item_reaches_its_next_level_or_none(days, expected):
    assert reached_level(STANDARD, None, DUE, after(days), None, 7, None) == expected


def test_an_item_at_the_top_reaches_nothing_more():
    assert reached_level(STANDARD, FORMAL, DUE, after(300), None, 7, None) is None


def test_a_backlog_of_a_year_climbs_the_whole_ladder_with_its_deadlines():
    """The first run finds an item 365 days late; each notice leaves 8 days to pay."""
    taken, level, last, deadline = [], None, None, None
    for today in (after(365 + n) for n in range(60)):
        reached_today = reached_level(STANDARD, level, DUE, today, last, 7, deadline)
        if reached_today:
            level, last, deadline = reached_today, today, today + timedelta(days=8)
            taken.append(((today - DUE).days, level))
    assert taken == [(365, FIRST), (374, FIRM), (383, REGISTERED), (392, FORMAL)]

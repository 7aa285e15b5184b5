"""The clocks of a court file, against dates counted by hand on the calendar."""

from datetime import date

import pytest

from core.clocks import CaseDates, clocks, lead_reached, running


def clock(kind, **dates):
    return next(found for found in clocks(CaseDates(**dates)) if found.kind == kind)


def ends(kind, **dates):
    deadline = clock(kind, **dates).deadline
    return deadline.unextended, deadline.extended, deadline.prudent


@pytest.mark.parametrize(
    ("order_on", "unextended", "extended"),
    [
        # Six months, to 28 February 2027, a Sunday.
        (date(2026, 8, 31), date(2027, 2, 28), date(2027, 3, 1)),
        # Three months, a Tuesday.
        (date(2026, 9, 1), date(2026, 12, 1), date(2026, 12, 1)),
        # Three months, to 28 February 2027 for want of a 30th.
        (date(2026, 11, 30), date(2027, 2, 28), date(2027, 3, 1)),
    ],
)
def test_an_order_is_served_within_six_or_three_months_by_its_date(order_on, unextended, extended):
    assert ends("service", order_on=order_on) == (unextended, extended, unextended)


def test_opposition_and_execution_run_from_the_service():
    served = date(2026, 10, 15)
    # 15 November 2026 is a Sunday, 15 December a Tuesday.
    assert ends("opposition", served_on=served)[:2] == (date(2026, 11, 15), date(2026, 11, 16))
    assert ends("execution", served_on=served)[2] == date(2026, 12, 15)


def test_one_waits_for_the_extended_day_of_the_others():
    assert ends("opposition", served_on=date(2026, 10, 15))[2] == date(2026, 11, 16)


def test_without_personal_service_opposition_runs_from_the_first_measure():
    dates = {"served_on": date(2026, 10, 15), "personal": False}
    assert "opposition" not in [found.kind for found in clocks(CaseDates(**dates))]
    dates["measure_on"] = date(2027, 1, 4)
    assert ends("opposition", **dates)[0] == date(2027, 2, 4)


def test_the_fees_of_a_commercial_court_are_deposited_within_15_days():
    assert ends("fees", filed_on=date(2026, 11, 6))[2] == date(2026, 11, 21)
    assert not clocks(CaseDates(filed_on=date(2026, 11, 6), commercial=False))


def test_the_fees_of_an_opposition_are_deposited_within_15_days_of_the_invitation():
    assert ends("opposition_fees", invited_on=date(2026, 12, 1))[2] == date(2026, 12, 16)


def test_the_days_of_alsace_count_there():
    # 26 December 2026 is a Saturday anyway; Good Friday is 26 March 2027.
    dates = {"order_on": date(2026, 12, 26)}
    assert ends("service", **dates)[1] == date(2027, 3, 26)
    assert ends("service", **dates, place="alsace_moselle")[1] == date(2027, 3, 30)


def test_a_refused_order_is_not_served():
    assert not clocks(CaseDates(order_on=date(2026, 9, 1), refused=True))


def test_what_was_done_stops_its_clock():
    dates = CaseDates(
        filed_on=date(2026, 8, 3),
        fees_on=date(2026, 8, 4),
        order_on=date(2026, 9, 1),
        served_on=date(2026, 10, 1),
        limit=date(2031, 1, 1),
    )
    assert [found.kind for found in running(dates)] == ["opposition", "execution", "limitation"]
    stopped = {found.kind: found.done_on for found in clocks(dates)}
    assert stopped["fees"] == date(2026, 8, 4)
    assert stopped["service"] == date(2026, 10, 1)


def test_an_opposition_ends_the_wait():
    found = clock("execution", served_on=date(2026, 10, 1), opposed_on=date(2026, 10, 20))
    assert found.done_on == date(2026, 10, 20)


@pytest.mark.parametrize(
    ("on", "lead"),
    [
        (date(2026, 10, 16), None),
        (date(2026, 10, 17), 45),
        (date(2026, 11, 1), 30),
        (date(2026, 11, 16), 15),
        (date(2026, 12, 5), 15),
    ],
)
def test_a_person_is_told_ahead_of_the_last_day(on, lead):
    assert lead_reached(clock("service", order_on=date(2026, 9, 1)), on) == lead


def test_a_short_period_is_told_at_once():
    assert lead_reached(clock("fees", filed_on=date(2026, 11, 6)), date(2026, 11, 6)) == 15


def test_what_one_only_waits_for_is_told_once_it_is_over():
    waiting = clock("execution", served_on=date(2026, 10, 15))
    assert lead_reached(waiting, date(2026, 12, 15)) is None
    assert lead_reached(waiting, date(2026, 12, 16)) == 0


def test_the_limitation_is_told_ahead_of_its_end_and_not_before():
    dates = {"limit": date(2031, 3, 31), "limit_from": date(2026, 3, 31)}
    found = clock("limitation", **dates)
    assert found.deadline.prudent == date(2031, 3, 31)
    assert lead_reached(found, date(2026, 4, 1)) is None
    assert lead_reached(found, date(2031, 2, 14)) == 45


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"commercial": False, "lawyer": True}, [date(2026, 11, 16)]),
        ({"commercial": False, "lawyer": False}, []),
        ({"commercial": True, "lawyer": True}, []),
    ],
)
def test_a_lawyer_is_appointed_where_the_judicial_court_wants_one(dates, expected):
    found = clocks(CaseDates(told_on=date(2026, 11, 1), **dates))
    assert [clock.deadline.prudent for clock in found if clock.kind == "lawyer"] == expected


def test_the_lawyer_appointed_stops_his_clock():
    dates = {"told_on": date(2026, 11, 1), "commercial": False, "lawyer": True}
    assert clock("lawyer", **dates, lawyer_on=date(2026, 11, 9)).done_on == date(2026, 11, 9)


def test_an_order_of_before_the_reform_is_executed_after_the_month_of_the_opposition():
    served = date(2026, 10, 15)
    assert ends("execution", served_on=served, order_on=date(2026, 8, 31))[0] == date(2026, 11, 15)
    assert ends("execution", served_on=served, order_on=date(2026, 9, 1))[0] == date(2026, 12, 15)


def test_the_clocks_of_a_case_count_the_days_of_its_territory():
    dates = {"served_on": date(2026, 4, 22)}
    assert ends("opposition", **dates, place="martinique")[1] == date(2026, 5, 26)

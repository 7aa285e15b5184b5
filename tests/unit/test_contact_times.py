"""When a natural person may be written to."""

from datetime import datetime

import pytest

from core.contact_times import is_quiet_day, next_contact

from .samples import day

HOURS = (8, 20)


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20T09:30", "2026-11-20T09:30"),  # a Friday
        ("2026-11-21T19:59", "2026-11-21T19:59"),  # a Saturday
        ("2026-11-20T07:59", "2026-11-20T08:00"),
        ("2026-11-20T20:00", "2026-11-21T08:00"),
        ("2026-11-21T20:00", "2026-11-23T08:00"),  # then comes a Sunday
        ("2026-11-22T10:00", "2026-11-23T08:00"),
        ("2026-11-11T10:00", "2026-11-12T08:00"),  # the armistice
        ("2026-12-24T21:00", "2026-12-26T08:00"),
    ],
)
def test_nights_sundays_and_holidays_are_left_out(moment, expected):
    assert next_contact(at(moment), [], 3, HOURS) == at(expected)


def test_alsace_moselle_has_its_own_holidays():
    moment = at("2026-12-26T10:00")
    assert next_contact(moment, [], 3, HOURS) == moment
    assert next_contact(moment, [], 3, HOURS, "alsace_moselle") == at("2026-12-28T08:00")
    assert is_quiet_day(day("2026-04-03"), "alsace_moselle")


def test_so_many_contacts_in_seven_days_and_no_more():
    contacts = [day("2026-11-16"), day("2026-11-17"), day("2026-11-18")]
    moment = at("2026-11-20T10:00")
    assert next_contact(moment, contacts[1:], 3, HOURS) == moment
    # The seventh day after the first one is a Monday.
    assert next_contact(moment, contacts, 3, HOURS) == at("2026-11-23T08:00")
    assert next_contact(moment, contacts, 2, HOURS) == at("2026-11-24T08:00")


def test_the_order_of_contacts_and_older_ones_do_not_count():
    contacts = [day("2026-11-19"), day("2026-11-01"), day("2026-11-13")]
    moment = at("2026-11-20T10:00")
    assert next_contact(moment, contacts, 2, HOURS) == moment


def test_zero_is_no_limit():
    moment = at("2026-11-20T10:00")
    assert next_contact(moment, [day("2026-11-20")] * 9, 0, HOURS) == moment


@pytest.mark.parametrize("hours", [(20, 8), (8, 8), (-1, 8), (8, 25)])
def test_hours_that_leave_no_time_are_refused(hours):
    with pytest.raises(ValueError, match="hours"):
        next_contact(at("2026-11-20T10:00"), [], 3, hours)

"""Legal clocks: months of CPC 641, extension of CPC 642, the reform of 1 September 2026."""

import pytest

from core import procedure_deadlines as deadlines
from core.procedure_deadlines import add_months

from .samples import day


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-02-28", 1, "2026-03-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_months_end_on_the_same_number_else_on_the_last_day(start, months, expected):
    assert add_months(day(start), months) == day(expected)


@pytest.mark.parametrize(
    ("order", "unextended", "extended"),
    [
        ("2026-08-31", "2027-02-28", "2027-03-01"),  # six months, end on a Sunday
        ("2026-09-01", "2026-12-01", "2026-12-01"),  # three months, end on a Tuesday
        ("2026-09-25", "2026-12-25", "2026-12-28"),  # Christmas, then a week-end
    ],
)
def test_an_order_is_served_in_six_then_three_months(order, unextended, extended):
    deadline = deadlines.order_service(day(order))
    assert (deadline.unextended, deadline.extended) == (day(unextended), day(extended))
    assert deadline.prudent == deadline.unextended
    assert deadline.counted_from == day(order)


def test_opposition_is_open_for_one_month():
    deadline = deadlines.opposition(day("2026-10-14"))
    assert (deadline.unextended, deadline.extended) == (day("2026-11-14"), day("2026-11-16"))


def test_execution_waits_two_months_from_service():
    assert deadlines.execution(day("2026-10-14")).extended == day("2026-12-14")


def test_a_creditor_who_waits_relies_on_the_later_date():
    deadline = deadlines.opposition(day("2026-10-14"))
    assert not deadline.ours
    assert deadline.prudent == day("2026-11-16")


def test_the_fees_are_deposited_in_fifteen_days():
    deadline = deadlines.fee_deposit(day("2026-11-06"))
    assert (deadline.unextended, deadline.extended) == (day("2026-11-21"), day("2026-11-23"))


def test_a_claim_is_declared_in_two_months():
    deadline = deadlines.claim_declaration(day("2026-07-10"))
    assert deadline.unextended == deadline.extended == day("2026-09-10")


def test_a_creditor_abroad_has_two_months_more():
    deadline = deadlines.claim_declaration(day("2026-07-10"), creditor_abroad=True)
    assert deadline.unextended == day("2026-11-10")


def test_a_public_debtor_pays_interest_in_forty_five_days():
    deadline = deadlines.public_interest_payment(day("2026-08-20"))
    assert (deadline.unextended, deadline.extended) == (day("2026-10-04"), day("2026-10-05"))


def test_holidays_of_alsace_moselle_extend_on_option():
    served = day("2026-03-03")  # one month later is Good Friday
    assert deadlines.opposition(served).extended == day("2026-04-03")
    assert deadlines.opposition(served, "alsace_moselle").extended == day("2026-04-07")


@pytest.mark.parametrize(
    "clock",
    [
        deadlines.order_service,
        deadlines.opposition,
        deadlines.execution,
        deadlines.fee_deposit,
        deadlines.claim_declaration,
        deadlines.public_interest_payment,
    ],
)
def test_every_clock_names_its_article_and_never_extends_backwards(clock):
    deadline = clock(day("2026-05-09"))
    assert deadline.source.startswith(("CPC", "C. com.", "CCP"))
    assert deadline.counted_from < deadline.unextended <= deadline.extended


@pytest.mark.parametrize(
    ("order", "end"),
    [
        ("2026-08-31", "2026-11-16"),  # one month, to a Saturday
        ("2026-02-01", "2026-11-16"),
        ("2026-09-01", "2026-12-14"),
        (None, "2026-12-14"),
    ],
)
def test_the_wait_before_execution_follows_the_date_of_the_order(order, end):
    on = day(order) if order else None
    assert deadlines.execution(day("2026-10-14"), order_on=on).prudent == day(end)


@pytest.mark.parametrize(
    ("served", "place", "end"),
    [
        ("2026-04-22", "mainland", "2026-05-22"),
        ("2026-04-22", "martinique", "2026-05-26"),
        ("2026-04-27", "guadeloupe", "2026-05-28"),
        ("2026-04-27", "saint_martin", "2026-05-29"),
        ("2026-05-10", "guyane", "2026-06-11"),
        ("2024-11-20", "reunion", "2024-12-23"),
        ("2026-03-27", "mayotte", "2026-04-28"),
        ("2026-09-09", "saint_barthelemy", "2026-10-12"),
    ],
)
def test_the_abolition_is_no_day_to_oppose_overseas(served, place, end):
    """Of the debtor's month the later day counts, the earlier one stays shown."""
    deadline = deadlines.opposition(day(served), place)
    assert deadline.prudent == deadline.extended == day(end)
    assert deadline.unextended == day(served).replace(month=day(served).month + 1)


def test_what_we_must_do_never_waits_for_a_holiday():
    deadline = deadlines.order_service(day("2026-09-27"), "saint_barthelemy")
    assert deadline.prudent == day("2026-12-27")
    assert deadline.extended == day("2026-12-28")


def test_a_lawyer_is_appointed_in_fifteen_days():
    deadline = deadlines.lawyer(day("2026-11-06"))
    assert (deadline.prudent, deadline.extended) == (day("2026-11-21"), day("2026-11-23"))

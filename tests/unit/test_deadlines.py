"""Legal clocks: months of CPC 641, extension of CPC 642, the reform of 1 September 2026."""

import pytest

from core import deadlines
from core.deadlines import add_months

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
    assert deadlines.opposition(served, alsace_moselle=True).extended == day("2026-04-07")


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

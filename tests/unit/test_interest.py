"""What `accrue` does at the edges: due date, first day, payments, credit notes, refusals."""

from datetime import datetime, timezone
from decimal import Decimal

import pytest

from core.interest import Event, accrue
from core.rates import RateMissing, RateTable

from .samples import TABLE, day

TEN = RateTable.fixed(Decimal(10))
DUE = day("2026-03-31")


def payment(on, amount):
    return Event(day(on), Decimal(amount), "payment")


def credit_note(on, amount):
    return Event(day(on), Decimal(amount), "credit_note")


def owed(*events, until="2026-04-30", principal="3650.00", due=DUE, rates=TEN, **options):
    """3,650.00 at 10 % a year is one euro a day."""
    return accrue(Decimal(principal), due, events, day(until), rates, **options)


def bases(statement):
    return [(segment.days, segment.base) for segment in statement.segments]


# late days


def test_the_due_date_itself_bears_no_interest():
    statement = owed(until="2026-03-31")
    assert statement == ((), 0, 0, Decimal("3650.00"), 0, 0)


def test_the_first_late_day_is_the_day_after_the_due_date():
    (segment,) = owed(until="2026-04-01").segments
    assert segment == (day("2026-04-01"), day("2026-04-01"), 1, Decimal("3650.00"), 10, 1, 365)


def test_nothing_is_owed_before_the_due_date():
    assert owed(until="2026-01-15").interest == 0


def test_the_29_of_february_is_a_day_over_365():
    assert owed(due=day("2024-02-28"), until="2024-03-01").interest == 2


# the other basis: the real days of the year


def test_a_leap_year_counts_366_days_on_the_real_basis():
    statement = owed(due=day("2024-01-31"), until="2024-02-29", day_basis="actual")
    assert statement.interest == Decimal("28.92")  # 3 650 × 10 % × 29 / 366 = 28.9208
    assert statement.segments[0].year == 366
    # 3 650 × 10 % / 366 = 0.9973 a day; on the usual basis exactly 1
    assert statement.a_day == Decimal(365) / 366
    assert owed(due=day("2024-01-31"), until="2024-02-29").segments[0].year == 365


@pytest.mark.parametrize(("basis", "expected"), [("365", "1.96"), ("actual", "1.95")])
def test_the_amount_a_day_follows_the_basis_of_the_creditor(basis, expected):
    rates = RateTable.fixed(Decimal("12.15"))
    # 5 880 × 12.15 % = 714.42 a year: / 365 = 1.9573, / 366 = 1.9520
    statement = accrue(
        Decimal(5880), day("2028-01-31"), [], day("2028-02-29"), rates, day_basis=basis
    )
    assert round(statement.a_day, 2) == Decimal(expected)


def test_the_amount_a_day_is_that_of_what_is_left():
    paid = payment("2026-04-10", "1825.00")
    assert (owed(paid).annual_rate, owed(paid).a_day) == (10, Decimal("0.50"))
    assert owed(payment("2026-04-10", "3650.00")).a_day == 0


@pytest.mark.parametrize(
    ("step", "interest"),
    # 100 122.5 × 12.15 % × 10 / 365 = 333.2845
    [("0.01", "333.28"), ("1", "333"), ("0.001", "333.284"), ("0.05", "333.30")],
)
def test_interest_is_rounded_to_the_smallest_amount_of_the_currency(step, interest):
    rates = RateTable.fixed(Decimal("12.15"))
    statement = accrue(
        Decimal("100122.5"), day("2026-03-31"), [], day("2026-04-10"), rates, step=Decimal(step)
    )
    assert statement.interest == Decimal(interest)


def test_a_discount_and_a_dispute_reduce_the_principal_whatever_is_settled_first():
    paid = payment("2026-04-10", "100.00")
    for kind in ("discount", "dispute"):
        taken = Event(day("2026-04-10"), Decimal("1825.00"), kind)
        statement = owed(paid, taken, imputation="interest")
        # 10 days at 1 a day are settled by the payment, which leaves 90 for the principal
        assert (statement.principal_left, statement.segments[0].interest) == (1735, 10)


def test_a_segment_ends_with_the_year_on_the_real_basis():
    statement = owed(due=day("2023-12-21"), until="2024-01-10", day_basis="actual")
    segments = [(s.start, s.end, s.interest) for s in statement.segments]
    assert segments == [
        (day("2023-12-22"), day("2023-12-31"), 10),
        (day("2024-01-01"), day("2024-01-10"), Decimal("9.97")),
    ]


def test_a_plain_year_is_the_same_on_both_bases():
    options = {"due": day("2024-12-31"), "until": "2025-12-31"}
    assert owed(**options, day_basis="actual") == owed(**options)


def test_the_worked_case_of_a_leap_year_on_the_real_basis():
    paid = payment("2024-07-10", "8400.00")
    options = {"principal": "8400.00", "due": day("2023-12-15"), "until": "2024-12-31"}
    statement = owed(paid, rates=TABLE.default_b2b(), day_basis="actual", **options)
    assert [s.interest for s in statement.segments] == [
        Decimal("51.55"),
        Decimal("605.67"),
        Decimal("32.70"),
    ]


def test_an_unknown_basis_is_refused():
    with pytest.raises(ValueError, match="day_basis must be one of 365, actual"):
        owed(day_basis="360")


def test_interest_may_start_later_than_the_due_date():
    statement = owed(first_day=day("2026-04-21"))
    assert statement.segments[0].start == day("2026-04-21")
    assert statement.interest == 10


def test_interest_never_starts_before_the_due_date_is_over():
    assert owed(first_day=day("2026-03-01")) == owed()


def test_what_is_paid_before_interest_starts_bears_none():
    statement = owed(payment("2026-04-10", "1825.00"), first_day=day("2026-04-21"))
    assert bases(statement) == [(10, Decimal("1825.00"))]


def test_what_is_paid_on_the_first_day_bears_one_day():
    statement = owed(payment("2026-04-21", "1825.00"), first_day=day("2026-04-21"))
    assert bases(statement) == [(1, Decimal("3650.00")), (9, Decimal("1825.00"))]


# payments


def test_the_day_of_payment_is_a_late_day():
    statement = owed(payment("2026-04-10", "3650.00"))
    assert statement.segments[-1].end == day("2026-04-10")
    assert statement.interest == statement.interest_left == 10
    assert statement.principal_left == 0


@pytest.mark.parametrize("on", ["2026-03-31", "2026-02-01"])
def test_a_payment_on_the_due_date_or_before_owes_nothing(on):
    assert owed(payment(on, "3650.00")) == ((), 0, 0, 0, 0, 0)


def test_an_early_partial_payment_only_reduces_the_base():
    assert bases(owed(payment("2026-03-31", "1825.00"))) == [(30, Decimal("1825.00"))]


def test_a_payment_after_the_statement_is_not_known_yet():
    assert owed(payment("2026-05-01", "3650.00")) == owed()


def test_a_payment_on_the_day_of_the_statement_counts():
    assert owed(payment("2026-04-30", "650.00")).principal_left == 3000


def test_paying_too_much_settles_no_interest_of_the_books():
    statement = owed(payment("2026-04-10", "9999.00"), payment("2026-04-12", "50.00"))
    assert (statement.principal_left, statement.interest_left) == (0, 10)


def test_payments_of_one_day_are_netted():
    apart = owed(payment("2026-04-10", "1000.00"), payment("2026-04-10", "825.00"))
    assert apart == owed(payment("2026-04-10", "1825.00"))
    assert len(apart.segments) == 2


def test_a_payment_of_nothing_cuts_nothing():
    assert owed(payment("2026-04-10", "0.00")) == owed()


# interest first


def test_a_payment_settles_open_interest_first_on_demand():
    statement = owed(payment("2026-04-10", "1835.00"), imputation="interest")
    assert bases(statement) == [(10, Decimal("3650.00")), (20, Decimal("1825.00"))]
    assert (statement.interest, statement.interest_left) == (20, 10)


def test_a_payment_smaller_than_the_interest_leaves_the_principal_alone():
    statement = owed(payment("2026-04-10", "4.00"), imputation="interest")
    assert bases(statement) == [(10, Decimal("3650.00")), (20, Decimal("3650.00"))]
    assert (statement.interest_left, statement.principal_left) == (26, 3650)


def test_interest_left_behind_the_principal_is_settled_by_a_later_payment():
    events = credit_note("2026-04-10", "3650.00"), payment("2026-04-20", "6.00")
    statement = owed(*events, imputation="interest")
    assert (statement.interest, statement.interest_left, statement.principal_left) == (10, 4, 0)


# credit notes


@pytest.mark.parametrize("imputation", ["principal", "interest"])
def test_a_credit_note_always_reduces_the_principal(imputation):
    statement = owed(credit_note("2026-04-10", "1825.00"), imputation=imputation)
    assert bases(statement) == [(10, Decimal("3650.00")), (20, Decimal("1825.00"))]
    assert statement.interest_left == 20


@pytest.mark.parametrize("imputation", ["principal", "interest"])
def test_a_credit_note_never_makes_the_principal_negative(imputation):
    statement = owed(credit_note("2026-04-10", "5000.00"), imputation=imputation)
    assert (statement.principal_left, statement.interest_left) == (0, 10)


def test_a_credit_note_dated_on_the_due_date_wipes_the_interest():
    assert owed(credit_note("2026-03-31", "3650.00")).interest == 0


def test_a_credit_note_and_a_payment_of_one_day_are_netted():
    events = [payment("2026-04-10", "3650.00"), credit_note("2026-04-10", "3650.00")]
    first, second = (owed(*order, imputation="interest") for order in (events, events[::-1]))
    assert first == second
    assert (first.interest_left, first.principal_left) == (0, 0)


# segments


def test_a_moving_rate_cuts_at_a_half_year_even_where_the_rate_stays_the_same():
    statement = owed(due=day("2025-11-30"), until="2026-02-28", rates=TABLE.default_b2b())
    assert [(s.end, s.annual_rate) for s in statement.segments] == [
        (day("2025-12-31"), Decimal("12.15")),
        (day("2026-02-28"), Decimal("12.15")),
    ]


@pytest.mark.parametrize("rates", [TEN, TABLE.default_b2g(day("2025-12-01"))])
def test_a_still_rate_is_never_cut_at_a_half_year(rates):
    assert len(owed(due=day("2025-11-30"), until="2026-12-31", rates=rates).segments) == 1


def test_a_payment_on_the_last_day_of_a_half_year_cuts_once():
    rates = TABLE.default_b2b()
    statement = owed(payment("2026-06-30", "650.00"), until="2026-07-31", rates=rates)
    assert bases(statement) == [(91, Decimal("3650.00")), (31, Decimal("3000.00"))]


def test_each_segment_is_rounded_then_summed():
    statement = owed(*[payment(f"2026-04-{n:02}", "0.01") for n in range(1, 4)], principal="1.85")
    assert statement.interest == sum(segment.interest for segment in statement.segments)
    assert statement.interest == Decimal("0.01")


def test_a_rate_of_zero_shows_its_days():
    (segment,) = owed(rates=RateTable.fixed(Decimal(0))).segments
    assert (segment.days, segment.interest) == (30, 0)


# missing rates


def test_a_missing_half_year_stops_what_needs_it():
    with pytest.raises(RateMissing) as error:
        owed(due=day("2026-11-30"), until="2027-01-15", rates=TABLE.default_b2b())
    assert error.value.day == day("2027-01-01")


def test_a_missing_half_year_stops_nothing_else():
    paid = payment("2026-12-15", "3650.00")
    statement = owed(paid, due=day("2026-11-30"), until="2027-01-15", rates=TABLE.default_b2b())
    assert statement.principal_left == 0


def test_a_public_debtor_not_late_yet_needs_no_rate():
    rates = TABLE.default_b2g(day("2027-01-11"))
    assert owed(due=day("2027-01-10"), until="2026-12-01", rates=rates).interest == 0


# refusals


def test_a_float_is_refused():
    with pytest.raises(TypeError, match="principal must be a Decimal, not float"):
        accrue(3650.0, DUE, [], day("2026-04-30"), TEN)
    with pytest.raises(TypeError, match="amount must be a Decimal, not float"):
        Event(DUE, 100.0, "payment")


def test_negative_amounts_are_refused():
    with pytest.raises(ValueError, match="principal must not be negative"):
        owed(principal="-1.00")
    with pytest.raises(ValueError, match="amount must not be negative"):
        payment("2026-04-10", "-1.00")


def test_unknown_words_are_refused():
    with pytest.raises(ValueError, match="kind must be one of payment, credit_note"):
        Event(DUE, Decimal(1), "refund")
    with pytest.raises(ValueError, match="imputation must be one of principal, interest"):
        owed(imputation="fees")


@pytest.mark.parametrize("name", ["due", "until", "first_day"])
def test_a_moment_is_no_day(name):
    arguments = {"due": DUE, "until": day("2026-04-30"), "first_day": day("2026-04-01")}
    arguments[name] = datetime(2026, 4, 1, tzinfo=timezone.utc)
    with pytest.raises(TypeError, match=f"{name} must be a date"):
        accrue(Decimal(1), events=[], rates=TEN, **arguments)

"""Schedules of rates: right half-year, right points, nothing extrapolated."""

import itertools
import pickle
from datetime import timedelta
from decimal import Decimal

import pytest

from core.half_years import half_year_end, half_year_start
from core.rate_by_regime import rate_by_regime
from core.rates import ECB, LEGAL, HalfYearRate, RateMissing, RateTable

from .samples import TABLE, day, read_rates


def rate(start, ecb="2.00", individuals="6.00", other="3.00"):
    return HalfYearRate(day(start), Decimal(ecb), Decimal(individuals), Decimal(other))


# half-years


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-01-01", "2026-01-01", "2026-06-30"),
        ("2026-06-30", "2026-01-01", "2026-06-30"),
        ("2026-07-01", "2026-07-01", "2026-12-31"),
        ("2026-12-31", "2026-07-01", "2026-12-31"),
    ],
)
def test_a_day_belongs_to_one_half_year(text, start, end):
    assert half_year_start(day(text)) == day(start)
    assert half_year_end(day(text)) == day(end)


def test_the_known_half_years_follow_each_other_without_a_hole():
    starts = [row.start for row in read_rates()]
    assert starts == sorted(set(starts))
    for before, after in itertools.pairwise(starts):
        assert half_year_end(before) + timedelta(days=1) == after


# default rate between businesses


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("2013-01-01", "10.75"),
        ("2024-06-30", "14.50"),
        ("2024-07-01", "14.25"),
        ("2026-06-30", "12.15"),
        ("2026-07-02", "12.40"),
        ("2026-12-31", "12.40"),
    ],
)
def test_the_default_rate_is_the_ecb_rate_of_the_half_year_plus_ten(text, percent):
    assert TABLE.default_b2b().at(day(text)) == Decimal(percent)


def test_the_default_rate_does_not_exist_before_the_half_years_anchored_it():
    with pytest.raises(RateMissing):
        TABLE.default_b2b().at(day("2012-12-31"))


def test_the_default_rate_may_be_under_the_contractual_floor():
    on = day("2024-01-15")
    assert TABLE.default_b2b().at(on) == Decimal("14.50") < TABLE.legal_floor(on)


# public debtors


@pytest.mark.parametrize("text", ["2026-06-11", "2026-07-01", "2031-01-01"])
def test_the_rate_of_a_public_debtor_is_frozen_when_interest_begins(text):
    assert TABLE.default_b2g(day("2026-06-11")).at(day(text)) == Decimal("10.15")


def test_a_public_debtor_late_from_the_next_half_year_has_its_rate():
    assert TABLE.default_b2g(day("2026-07-01")).at(day("2026-08-20")) == Decimal("10.40")


@pytest.mark.parametrize("text", ["2027-01-01", "2013-03-15"])
def test_a_frozen_rate_nobody_knows_names_the_day_that_fixes_it(text):
    schedule = TABLE.default_b2g(day(text))
    with pytest.raises(RateMissing) as error:
        schedule.at(day("2027-05-01"))
    assert error.value.day == day(text)


# legal rate


def test_a_company_takes_the_column_of_all_other_cases():
    assert TABLE.legal().at(day("2026-08-01")) == Decimal("2.75")


def test_a_natural_person_out_of_business_takes_the_other_column():
    assert TABLE.legal(individual_creditor=True).at(day("2026-08-01")) == Decimal("6.84")


def test_a_clause_of_three_times_the_legal_rate_moves_with_it():
    schedule = TABLE.legal_multiple(3)
    assert schedule.at(day("2026-06-30")) == Decimal("7.86")
    assert schedule.at(day("2026-07-01")) == Decimal("8.25") == TABLE.legal_floor(day("2026-07-01"))


# contractual rate


def test_what_was_agreed_binds_a_business_alone():
    table, late, agreed = TABLE, day("2026-02-01"), RateTable.fixed(Decimal("15"))
    assert rate_by_regime(table, "b2b", late, agreed).at(late) == Decimal("15")
    assert rate_by_regime(table, "b2b", late).at(late) == table.default_b2b().at(late)
    assert rate_by_regime(table, "b2g", late, agreed).at(late) == table.default_b2g(late).at(late)
    assert rate_by_regime(table, "b2c", late, agreed).at(late) == table.legal().at(late)


def test_a_contractual_rate_never_moves_and_needs_no_table():
    schedule = RateTable.fixed(Decimal("15"))
    assert schedule.at(day("1990-01-01")) == schedule.at(day("2090-01-01")) == Decimal(15)


def test_a_contractual_rate_is_a_decimal_of_zero_or_more():
    with pytest.raises(TypeError):
        RateTable.fixed(15.0)
    with pytest.raises(ValueError, match="negative"):
        RateTable.fixed(Decimal(-1))


def test_only_moving_rates_follow_the_half_years():
    moving = [TABLE.default_b2b(), TABLE.legal(), TABLE.legal(True), TABLE.legal_multiple(3)]
    still = [RateTable.fixed(Decimal(5)), TABLE.default_b2g(day("2026-06-11"))]
    assert all(schedule.follows_half_years for schedule in moving)
    assert not any(schedule.follows_half_years for schedule in still)


# missing half-years


@pytest.mark.parametrize("text", ["2011-12-31", "2027-01-01"])
def test_nothing_is_extrapolated_outside_the_table(text):
    with pytest.raises(RateMissing) as error:
        TABLE.legal().at(day(text))
    assert error.value.day == day(text)


def test_nothing_is_interpolated_over_a_hole():
    table = RateTable([rate("2025-01-01"), rate("2026-01-01")])
    assert table.default_b2b().at(day("2025-06-30")) == Decimal("12.00")
    with pytest.raises(RateMissing, match="half-year starting on 2025-07-01"):
        table.default_b2b().at(day("2025-07-01"))


def test_an_empty_table_knows_contractual_rates_only():
    table = RateTable([])
    assert table.fixed(Decimal(5)).at(day("2026-01-01")) == 5
    with pytest.raises(RateMissing):
        table.default_b2b().at(day("2026-01-01"))


def test_a_missing_rate_survives_a_worker_border():
    error = pickle.loads(pickle.dumps(RateMissing(day("2027-02-03"))))
    assert (error.day, str(error)) == (
        day("2027-02-03"),
        "no rate for the half-year starting on 2027-01-01",
    )


# rows


def test_the_order_of_the_rows_does_not_matter():
    table = RateTable(reversed(read_rates()))
    assert table.default_b2b() == TABLE.default_b2b()


def test_a_schedule_is_built_once():
    assert TABLE.default_b2b() is TABLE.default_b2b()


def test_two_rows_for_a_half_year_are_refused():
    with pytest.raises(ValueError, match="two rows"):
        RateTable([rate("2026-01-01"), rate("2026-01-01", ecb="2.15")])


@pytest.mark.parametrize("text", ["2026-01-02", "2026-06-01", "2026-07-31"])
def test_a_half_year_starts_in_january_or_july(text):
    with pytest.raises(ValueError, match="starts on 1 January or 1 July"):
        rate(text)


def test_rates_are_decimals_and_the_legal_rate_is_not_negative():
    with pytest.raises(TypeError):
        HalfYearRate(day("2026-01-01"), 2.15, Decimal("6.67"), Decimal("2.62"))
    with pytest.raises(ValueError, match="legal_individuals"):
        rate("2026-01-01", individuals="-0.01")
    with pytest.raises(ValueError, match="legal_other"):
        rate("2026-01-01", other="-0.01")


def test_the_ecb_rate_may_be_negative():
    assert RateTable([rate("2026-01-01", ecb="-0.50")]).default_b2b().at(
        day("2026-01-01")
    ) == Decimal("9.50")


# the published figures on which the interest of some days rests


def figures(schedule, first, last):
    return [(kind, str(start)) for kind, start in schedule.figures(day(first), day(last))]


@pytest.mark.parametrize(
    ("schedule", "kind"),
    [
        (TABLE.default_b2b(), ECB),
        (TABLE.legal(), LEGAL),
        (TABLE.legal(individual_creditor=True), LEGAL),
        (TABLE.legal_multiple(3), LEGAL),
        (TABLE.legal_multiple(4), LEGAL),
    ],
)
def test_a_rate_that_follows_the_half_years_rests_on_each_of_them(schedule, kind):
    assert figures(schedule, "2026-03-31", "2026-03-31") == [(kind, "2026-01-01")]
    assert figures(schedule, "2026-06-30", "2026-07-01") == [
        (kind, "2026-01-01"),
        (kind, "2026-07-01"),
    ]
    assert figures(schedule, "2025-07-01", "2026-12-31") == [
        (kind, "2025-07-01"),
        (kind, "2026-01-01"),
        (kind, "2026-07-01"),
    ]
    assert figures(schedule, "2026-07-02", "2026-07-01") == []


@pytest.mark.parametrize("first_late", ["2025-12-31", "2026-01-01", "2026-06-30"])
def test_the_frozen_rate_of_a_public_debtor_rests_on_its_first_half_year(first_late):
    schedule = TABLE.default_b2g(day(first_late))
    start = str(half_year_start(day(first_late)))
    assert figures(schedule, first_late, "2026-12-31") == [(ECB, start)]
    missing = RateTable([]).default_b2g(day(first_late))
    assert figures(missing, first_late, "2026-12-31") == [(ECB, start)]


@pytest.mark.parametrize("percent", ["0", "9.50", "15"])
def test_a_contractual_rate_rests_on_nothing_that_is_published(percent):
    assert figures(RateTable.fixed(Decimal(percent)), "2012-01-01", "2026-12-31") == []

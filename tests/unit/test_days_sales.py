"""Days of sales outstanding: the worked example of credit managers, and its edges."""

from decimal import Decimal

import pytest

from core.days_sales import (
    CountBack,
    Month,
    accounting_dso,
    average_days_delinquent,
    count_back_dso,
)

NOVEMBER, OCTOBER = Month(30, Decimal("60000")), Month(31, Decimal("50000"))


def count_back(receivables, *months):
    days, complete = count_back_dso(Decimal(receivables), months)
    return str(days), complete


def test_the_worked_example():
    # 100 000 owed on 30 November; November sold 60 000, October 50 000:
    # 30 days + 40 000 / 50 000 x 31 days.
    assert count_back("100000", NOVEMBER, OCTOBER) == ("54.8", True)


def test_less_than_the_newest_month_is_a_share_of_it():
    assert count_back("20000", NOVEMBER, OCTOBER) == ("10.0", True)


def test_a_month_is_absorbed_to_the_cent():
    assert count_back("60000", NOVEMBER, OCTOBER) == ("30.0", True)
    assert count_back("110000", NOVEMBER, OCTOBER) == ("61.0", True)


def test_more_than_all_the_months_known_says_so():
    assert count_back("110000.01", NOVEMBER, OCTOBER) == ("61.0", False)
    assert count_back("1") == ("0.0", False)


@pytest.mark.parametrize("receivables", ["0", "-10"])
def test_customers_who_owe_nothing_owe_no_day(receivables):
    assert count_back(receivables, NOVEMBER) == ("0.0", True)


@pytest.mark.parametrize("quiet", ["0", "-5000"])
def test_a_month_without_net_sales_counts_its_days_only(quiet):
    months = (Month(15, Decimal(quiet)), NOVEMBER)
    assert count_back("30000", *months) == ("30.0", True)


def test_months_further_back_than_needed_change_nothing():
    assert count_back("60000", NOVEMBER, Month(31, "not even read")) == ("30.0", True)


def test_the_best_possible_is_the_same_count_on_what_is_not_due():
    dso, _ = count_back_dso(Decimal("100000"), [NOVEMBER, OCTOBER])
    best, _ = count_back_dso(Decimal("60000"), [NOVEMBER, OCTOBER])
    assert average_days_delinquent(dso, best) == Decimal("24.8")


def test_the_accounting_dso():
    assert accounting_dso(Decimal("100000"), Decimal("730000"), 365) == Decimal("50.0")


def test_no_sales_no_accounting_dso():
    assert accounting_dso(Decimal("100"), Decimal("0"), 365) is None


def test_a_period_has_days():
    with pytest.raises(ValueError, match="days must be more than zero"):
        accounting_dso(Decimal("100"), Decimal("10"), 0)


@pytest.mark.parametrize("pair", [(1.0, Decimal(1)), (Decimal(1), 1.0)])
def test_days_of_sales_take_decimals_only(pair):
    with pytest.raises(TypeError):
        accounting_dso(*pair, 365)
    with pytest.raises(TypeError):
        count_back_dso(pair[0], [Month(30, pair[1])])


def test_the_result_names_its_parts():
    assert count_back_dso(Decimal("60000"), [NOVEMBER]) == CountBack(Decimal("30.0"), True)

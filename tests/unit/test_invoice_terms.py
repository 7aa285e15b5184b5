"""The terms that the law allows, day by day: month ends, the leap day, each kind of customer."""

from datetime import date

import pytest

from core.invoice_terms import ORANGE, RED, Facts, examine
from core.longest_term import longest_term, month_end_readings, ten_days_end


def day(text):
    return date.fromisoformat(text)


def facts(issued="2026-01-01", due="2026-01-01", regime="b2b", **values):
    return Facts(regime=regime, issued=day(issued), due=day(due), **values)


# 45 days then the end of the month; the end of the month, then 45 days.
MONTH_ENDS = (
    ("2026-01-01", "2026-02-28", "2026-03-17"),
    ("2026-01-14", "2026-02-28", "2026-03-17"),
    ("2026-01-15", "2026-03-17", "2026-03-31"),
    ("2026-01-31", "2026-03-17", "2026-03-31"),
    ("2028-01-01", "2028-02-29", "2028-03-16"),
    ("2028-01-15", "2028-02-29", "2028-03-16"),
    ("2028-01-16", "2028-03-16", "2028-03-31"),
    ("2028-02-29", "2028-04-14", "2028-04-30"),
    ("2026-12-31", "2027-02-14", "2027-02-28"),
)


@pytest.mark.parametrize(("issued", "first", "second"), MONTH_ENDS)
def test_the_end_of_a_month_is_read_in_two_ways(issued, first, second):
    assert [str(each) for each in month_end_readings(day(issued))] == [first, second]


# What the law allows at the latest, by kind: surely, and at most.
TERMS = (
    ("general", "b2b", {}, "2026-01-31", "2026-04-01", "2026-04-01"),
    ("general", "b2b", {}, "2027-12-31", "2028-02-29", "2028-02-29"),
    ("general", "b2b", {}, "2028-01-01", "2028-03-01", "2028-03-01"),
    ("general", "b2b", {"end_of_month": True}, "2026-01-01", "2026-03-02", "2026-03-17"),
    ("general", "b2b", {"end_of_month": True}, "2026-01-31", "2026-04-01", "2026-04-01"),
    ("general", "b2b", {"end_of_month": True}, "2026-01-15", "2026-03-17", "2026-03-31"),
    ("periodic", "b2b", {"end_of_month": True}, "2026-01-31", "2026-03-17", "2026-03-17"),
    ("transport", "b2b", {}, "2028-01-30", "2028-02-29", "2028-02-29"),
    ("perishable", "b2b", {}, "2026-01-05", "2026-02-09", "2026-02-09"),
    ("perishable", "b2b", {"delivered": "2026-01-21"}, "2026-02-05", "2026-03-02", "2026-03-02"),
    ("general", "b2g", {}, "2026-01-29", "2026-03-02", "2026-03-02"),
    ("transport", "b2g", {}, "2026-01-29", "2026-03-02", "2026-03-02"),
    ("health", "b2g", {}, "2026-01-29", "2026-03-22", "2026-03-22"),
    ("public_company", "b2g", {}, "2026-01-29", "2026-04-01", "2026-04-01"),
)


@pytest.mark.parametrize(("kind", "regime", "more", "issued", "sure", "most"), TERMS)
def test_the_longest_term_is_that_of_the_kind_of_customer(kind, regime, more, issued, sure, most):
    more = {name: day(value) if isinstance(value, str) else value for name, value in more.items()}
    term = longest_term(regime, day(issued), kind, **more)
    assert (str(term.sure), str(term.most)) == (sure, most)
    assert term.source.startswith("CCP R. 2192-1" if regime == "b2g" else "C. com. L. 441-1")


@pytest.mark.parametrize(
    ("due", "found"),
    [
        ("2026-03-02", []),
        ("2026-03-03", [("term_reading", ORANGE, "2026-03-02")]),
        ("2026-03-17", [("term_reading", ORANGE, "2026-03-02")]),
        ("2026-03-18", [("term", RED, "2026-03-17")]),
    ],
)
def test_a_day_that_one_reading_allows_is_orange_and_a_later_one_red(due, found):
    told = examine(facts("2026-01-01", due, end_of_month=True))
    assert [(each.rule, each.level, str(each.limit)) for each in told] == found


def test_what_no_seen_text_settles_is_orange():
    late = {"issued": "2026-01-01", "due": "2026-06-01"}
    for more in ({"kind": "transport"}, {"kind": "perishable"}, {"abroad": True}):
        assert [each.level for each in examine(facts(**late, **more))] == [ORANGE], more
    assert [each.level for each in examine(facts(**late, regime="b2g"))] == [RED]


CONTENTS = {
    "rate_floor": {"rate_under_floor": True},
    "other_rate": {"other_rate": True},
    "silent": {"silent": True},
    "no_siren": {"no_siren": True},
    "no_order": {"no_order": True},
    "no_place": {"no_place": True},
    "not_accepted": {"not_accepted": True},
    "no_deposit": {"no_deposit": True},
    "no_operation": {"no_operation": True},
    "no_due": {"no_due": True},
    "late_invoice": {"invoice_by": day("2025-12-31")},
}


@pytest.mark.parametrize("rule", CONTENTS)
def test_each_fact_is_told_by_its_own_rule(rule):
    (finding,) = examine(facts(**CONTENTS[rule]))
    assert finding.rule == rule
    assert (finding.level == RED) == (rule in ("rate_floor", "other_rate"))
    assert examine(facts(regime="b2c", due="2027-01-01", **CONTENTS[rule])) == []


ACCOUNT = ("no_account", "other_account", "no_iban", "wrong_key", "other_currency")


@pytest.mark.parametrize("regime", ["b2b", "b2g", "b2c"])
@pytest.mark.parametrize("rule", ACCOUNT)
def test_whoever_is_to_pay_is_given_an_account(rule, regime):
    found = examine(facts(regime=regime, **{rule: True}))
    assert [(each.rule, each.level) for each in found] == [(rule, ORANGE)]


def test_the_red_comes_first_and_an_invoice_in_order_is_not_told():
    everything = {name: value for fact in CONTENTS.values() for name, value in fact.items()}
    levels = [each.level for each in examine(facts(due="2027-01-01", **everything))]
    assert levels == sorted(levels, reverse=True)
    assert (levels[0], levels[-1]) == (RED, ORANGE)
    assert examine(facts()) == []
    french = {"no_siren": True, "no_operation": True}
    abroad = [each.rule for each in examine(facts(abroad=True, **french))]
    assert abroad == [], "nothing of the French e-invoice is asked for a foreign customer"
    public = [each.rule for each in examine(facts(regime="b2g", rate_under_floor=True))]
    assert public == [], "the rate of a public body is the law's"


@pytest.mark.parametrize(
    ("by", "found"), [("2026-01-01", []), ("2026-01-02", []), ("2025-12-31", ["late_invoice"])]
)
def test_an_invoice_is_late_the_day_after_the_last_one(by, found):
    assert [each.rule for each in examine(facts(invoice_by=day(by)))] == found


@pytest.mark.parametrize(
    ("text", "last"),
    [("2026-02-01", 10), ("2026-02-10", 10), ("2026-02-20", 20), ("2028-02-21", 29)],
)
def test_ten_days_end_with_the_month(text, last):
    assert ten_days_end(day(text)).day == last

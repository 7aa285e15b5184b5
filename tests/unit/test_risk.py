"""The class of a customer is a sum that anybody can make again; consumers have none."""

from decimal import Decimal

import pytest

from core.rated_persons import kind_of_person, may_be_rated
from core.risk import STEPS, Facts, is_worse, rate, used_percent

KNOWN = Facts(settled=10)


@pytest.mark.parametrize(
    ("facts", "letter", "points"),
    [
        ({}, "A", 0),
        ({"late_days": 10}, "A", 1),
        ({"late_days": 11}, "B", 2),
        ({"late_days": 30, "oldest_days": 31}, "B", 3),
        ({"late_days": 31}, "C", 4),
        ({"late_days": 61}, "C", 6),
        ({"late_days": 61, "oldest_days": 61}, "D", 8),
        ({"late_days": 61, "oldest_days": 91}, "E", 10),
        ({"broken_promises": 1}, "A", 1),
        ({"broken_promises": 3}, "C", 4),
        ({"unpaid_debits": 1}, "B", 2),
        ({"unpaid_debits": 2, "broken_promises": 3}, "D", 8),
        ({"used": Decimal("79.99"), "limit": Decimal(100)}, "A", 1),
        ({"used": Decimal("100.01"), "limit": Decimal(100)}, "B", 2),
        ({"used": Decimal("150.01"), "limit": Decimal(100)}, "C", 4),
        ({"used": Decimal(10**6), "limit": None}, "A", 0),
    ],
)
def test_the_points_make_the_class(facts, letter, points):
    rating = rate(KNOWN._replace(**facts))
    assert (rating.letter, rating.points) == (letter, points)
    assert sum(reason.points for reason in rating.reasons) == rating.points


@pytest.mark.parametrize("settled", [0, 1, 2])
def test_who_is_not_known_yet_is_c_at_best(settled):
    rating = rate(Facts(settled=settled))
    assert (rating.letter, [r.key for r in rating.reasons]) == ("C", ["history"])
    assert rate(Facts(settled=settled, late_days=70, oldest_days=95)).letter == "E"


def test_insolvency_is_the_last_class_and_comes_first():
    rating = rate(KNOWN._replace(insolvent=True, late_days=5))
    assert (rating.letter, rating.points) == ("E", 1)
    assert [reason.key for reason in rating.reasons] == ["insolvency", "delay"]


def test_a_worse_fact_never_gives_a_better_class():
    names = dict.fromkeys(("late_days", "oldest_days", "broken_promises", "unpaid_debits"), 0)
    for name in names:
        letters = [rate(KNOWN._replace(**{name: value})).letter for value in range(200)]
        assert letters == sorted(letters)
    for steps in STEPS.values():
        assert list(steps) == sorted(steps)


@pytest.mark.parametrize(
    ("used", "limit", "percent"),
    [("0", "100", 0), ("-5", "100", 0), ("0.01", "100", 1), ("100", "100", 100), ("5", "0", 999)],
)
def test_a_limit_is_used_by_each_percent_begun(used, limit, percent):
    assert used_percent(Decimal(used), Decimal(limit)) == percent


@pytest.mark.parametrize("wrong", [{"settled": -1}, {"late_days": -1}, {"unpaid_debits": -2}])
def test_negative_facts_are_refused(wrong):
    with pytest.raises(ValueError, match="negative"):
        rate(KNOWN._replace(**wrong))


@pytest.mark.parametrize(
    ("regime", "is_company", "form", "kind"),
    [
        ("b2c", True, "", "consumer"),
        (None, True, "", "consumer"),
        ("b2b", False, "", "sole_trader"),
        ("b2b", True, "1000", "sole_trader"),
        ("b2b", True, "5710", "legal_person"),
        ("b2g", True, "", "legal_person"),
    ],
)
def test_only_legal_persons_are_rated_unless_the_company_says_so(regime, is_company, form, kind):
    assert kind_of_person(regime, is_company=is_company, legal_form=form) == kind
    assert may_be_rated(kind) == (kind == "legal_person")
    assert may_be_rated(kind, sole_traders=True) == (kind != "consumer")


def test_worse_is_worse_than_something():
    assert is_worse("A", "B")
    assert not is_worse("B", "B")
    assert not is_worse("", "E")

"""What a creditor must do in the insolvency of his debtor, by when, and how sure that is."""

from dataclasses import replace

import pytest

from core.insolvency_clocks import ProceedingsDates, clocks, running

from .samples import day

PUBLISHED = ProceedingsDates(published_on=day("2026-05-20"), goods=True)


def ends(dates):
    return {clock.kind: clock.deadline.prudent.isoformat() for clock in running(dates)}


@pytest.mark.parametrize(
    ("published", "abroad", "declaration", "retention", "relief"),
    [
        ("2026-05-20", False, "2026-07-20", "2026-08-20", "2026-11-20"),
        ("2026-11-30", False, "2027-01-30", "2027-02-28", "2027-05-30"),
        ("2027-11-30", False, "2028-01-30", "2028-02-29", "2028-05-30"),
        ("2026-08-31", False, "2026-10-31", "2026-11-30", "2027-02-28"),
        ("2026-12-31", False, "2027-02-28", "2027-03-31", "2027-06-30"),
        # Abroad one declares in four months, and claims one's goods in three all the same.
        ("2026-05-20", True, "2026-09-20", "2026-08-20", "2026-11-20"),
    ],
)
def test_what_runs_from_the_publication(published, abroad, declaration, retention, relief):
    dates = ProceedingsDates(published_on=day(published), abroad=abroad, goods=True)
    assert ends(dates) == {
        "declaration": declaration,
        "retention": retention,
        "relief": relief,
    }
    order = [clock.kind for clock in running(dates)]
    first = ["retention", "declaration"] if abroad else ["declaration", "retention"]
    assert order == [*first, "relief"]


def test_nothing_runs_before_the_publication_nor_for_goods_that_are_paid():
    assert not clocks(ProceedingsDates(goods=True))
    assert "retention" not in ends(replace(PUBLISHED, goods=False))


@pytest.mark.parametrize(
    ("declared", "relief"),
    [("2026-07-20", False), ("2026-06-01", False), ("2026-07-21", True), (None, True)],
)
def test_relief_is_for_who_did_not_declare_in_time(declared, relief):
    dates = replace(PUBLISHED, declared_on=day(declared) if declared else None)
    assert ("relief" in ends(dates)) == relief
    assert "relief" not in ends(replace(dates, relief_on=day("2026-08-01")))


def test_goods_are_claimed_then_the_judge_is_asked():
    asked = replace(PUBLISHED, asked_on=day("2026-06-10"))
    assert "retention" not in ends(asked)
    # Without an answer: a month of waiting, to a day on which offices work; then a month to act.
    assert (ends(asked)["retention_answer"], ends(asked)["retention_judge"]) == (
        "2026-07-10",
        "2026-08-10",
    )
    refused = replace(asked, refused_on=day("2026-06-25"))
    assert ends(refused)["retention_judge"] == "2026-07-25"
    assert "retention_answer" not in ends(refused)
    assert "retention_judge" not in ends(replace(refused, judge_on=day("2026-07-01")))
    agreed = ends(replace(asked, settled_on=day("2026-06-20")))
    assert not {"retention", "retention_answer", "retention_judge"} & set(agreed)


@pytest.mark.parametrize(
    ("contested", "end"),
    [("2026-10-01", "2026-10-31"), ("2027-02-01", "2027-03-03"), ("2028-02-01", "2028-03-02")],
)
def test_a_contestation_is_answered_in_thirty_days(contested, end):
    dates = ProceedingsDates(contested_on=day(contested))
    assert ends(dates) == {"contestation": end}
    assert not ends(replace(dates, answered_on=day(contested)))


@pytest.mark.parametrize(
    ("until", "end"),
    [("2027-05-15", "2028-05-15"), ("2028-02-29", "2029-02-28"), ("2026-12-31", "2027-12-31")],
)
def test_claims_from_after_the_judgment_are_told_within_a_year(until, end):
    dates = ProceedingsDates(observed_until=day(until), later=True)
    assert ends(dates) == {"later": end}
    assert not ends(replace(dates, later=False))
    assert not ends(replace(dates, told_on=day(until)))


def test_what_no_text_seen_says_is_to_be_checked():
    dates = replace(
        PUBLISHED,
        asked_on=day("2026-06-10"),
        contested_on=day("2026-09-01"),
        observed_until=day("2027-05-15"),
        later=True,
    )
    to_check = {clock.kind for clock in clocks(dates) if clock.to_check}
    assert to_check == {"retention_answer", "retention_judge", "contestation", "later"}
    assert all(clock.deadline.source.startswith("C. com. ") for clock in clocks(dates))


def test_what_we_must_do_never_waits_for_a_working_day():
    saturday = ProceedingsDates(published_on=day("2026-03-01"), goods=True)  # to 1 June, Monday
    assert ends(saturday)["declaration"] == "2026-05-01"  # a public holiday
    (answer,) = (
        clock
        for clock in running(replace(PUBLISHED, asked_on=day("2026-06-14")))
        if clock.kind == "retention_answer"
    )
    assert answer.deadline.unextended == day("2026-07-14")
    assert answer.deadline.prudent == day("2026-07-15")

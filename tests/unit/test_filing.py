"""What each route asks for: a table of decisions, the hearing's clock, one's own closed files."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from core.claim import RouteFacts
from core.clocks import CaseDates, lead_reached, running
from core.competent_court import is_commercial
from core.filing import FILED, explain
from core.outcomes import ClosedFile, Outcome, outcomes
from core.route import ROUTES, advise

from .samples import day

with Path(__file__).with_name("data").joinpath("routes.csv").open(encoding="utf-8") as file:
    DECISIONS = list(csv.DictReader(file))


def test_the_table_has_every_situation_once():
    facts = [tuple(row.values())[:8] for row in DECISIONS]
    assert len(facts) == len(set(facts)) >= 55


@pytest.mark.parametrize("row", DECISIONS, ids=lambda row: "-".join(list(row.values())[:8]))
def test_each_situation_has_its_route_its_lawyer_and_its_opposition(row):
    merchant = {"yes": True, "no": False}.get(row["merchant"])
    total = Decimal(row["total"])
    facts = RouteFacts(
        row["regime"],
        merchant,
        total,
        row["place"],
        insolvent=bool(row["insolvent"]),
        disputed=bool(row["disputed"]),
        uncontested=bool(row["uncontested"]),
        principal=total,
        offers=frozenset(row["offers"].split()),
    )
    standing = {"advised": [], "possible": [], "closed": []}
    for advice in advise(facts):
        standing[advice.standing].append(advice.route)
    assert standing["advised"] == row["advised"].split()
    assert sorted(standing["possible"]) == sorted(row["possible"].split())
    route = (row["advised"] or row["possible"]).split()[0]
    word = row["merchant"] or "unknown"
    told = explain(route, total, commercial=is_commercial(route, word))
    assert told.lawyer == row["lawyer"]
    assert [point.code for point in told.opposed] == row["opposed"].split()
    assert told.filed


# Of CPCE L. 126-1 s. only the texts of the committees were seen; of the European regulations, no
# line on what a contestation does; what a policy of credit insurance says is in the contract.
UNSEEN = {
    *("form_commercial", "form_judicial", "form_protection", "act_of_service", "contribution"),
    *("summoned", "public_claim", "public_interim", "public_expense", "public_paid"),
    *("commandement", "record_served", "contest_ends"),
    *("attempt_order", "european_opposed", "european_contested", "insurer_disputed"),
}


def test_every_route_says_who_files():
    assert set(FILED) == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("commercial", [True, False])
def test_what_was_read_in_no_text_is_to_be_checked(route, commercial):
    told = explain(route, Decimal(20000), commercial=commercial)
    for point in (*told.filed, *told.opposed):
        assert point.source or point.to_check
        assert point.to_check == (point.code in UNSEEN)


def test_a_contribution_is_told_before_a_judicial_court_only():
    for route in ("interim", "summons"):
        codes = {
            commercial: [p.code for p in explain(route, Decimal(1), commercial=commercial).filed]
            for commercial in (True, False)
        }
        assert ("contribution" in codes[True], "contribution" in codes[False]) == (False, True)


# -- The hearing, and the clocks of an opposition by the date of the order -------------------------


def ends(**dates):
    found = running(CaseDates(**{name: day(on) for name, on in dates.items()}, lawyer=True))
    return {clock.kind: clock.deadline.prudent.isoformat() for clock in found}


@pytest.mark.parametrize(
    ("order", "service"),
    [
        ("2026-08-31", "2027-02-28"),
        ("2026-09-01", "2026-12-01"),
        ("2026-11-30", "2027-02-28"),
        ("2026-12-31", "2027-03-31"),
    ],
)
def test_an_order_is_served_by_its_date(order, service):
    assert ends(order_on=order)["service"] == service


@pytest.mark.parametrize(
    ("order", "told", "lawyer", "fees"),
    [
        ("2026-08-31", "2026-11-06", "2026-11-21", "2026-11-21"),
        ("2026-09-01", "2026-12-20", "2027-01-04", "2027-01-04"),
        ("2026-10-02", "2027-02-14", "2027-03-01", "2027-03-01"),
    ],
)
def test_an_opposition_starts_the_lawyer_or_the_fees_and_the_hearing(order, told, lawyer, fees):
    dates = {"order_on": order, "served_on": order, "opposed_on": told, "told_on": told}
    judicial = running(
        CaseDates(
            **{name: day(on) for name, on in dates.items()},
            commercial=False,
            lawyer=True,
            hearing_on=day("2027-04-01"),
        )
    )
    found = {clock.kind: clock.deadline.prudent.isoformat() for clock in judicial}
    assert found == {"lawyer": lawyer, "hearing": "2027-04-01", "act_of_service": "2027-04-01"}
    commercial = ends(**dates, invited_on=told)
    assert commercial == {"opposition_fees": fees}


def test_a_hearing_is_told_ahead_and_until_there_is_a_title():
    dates = {"opposed_on": day("2026-11-01"), "hearing_on": day("2027-01-20")}
    (clock,) = running(CaseDates(**dates))
    reached = [lead_reached(clock, day(on)) for on in ("2026-12-01", "2026-12-06", "2027-01-05")]
    assert reached == [None, 45, 15]
    assert not running(CaseDates(**dates, enforceable_on=day("2027-01-25")))


def test_the_act_of_service_is_communicated_before_the_hearing():
    dates = {"served_on": day("2026-10-15"), "opposed_on": day("2026-11-01")}
    kinds = {clock.kind for clock in running(CaseDates(**dates))}
    assert "act_of_service" not in kinds  # the hearing is not known yet
    dates["hearing_on"] = day("2027-01-20")
    (clock,) = (c for c in running(CaseDates(**dates)) if c.kind == "act_of_service")
    assert (clock.deadline.prudent, clock.deadline.ours) == (day("2027-01-20"), True)
    assert [lead_reached(clock, day(on)) for on in ("2026-12-05", "2027-01-05")] == [None, 15]
    given = running(CaseDates(**dates, act_given_on=day("2027-01-04")))
    assert [clock.kind for clock in given] == ["hearing"]


# -- Own closed files --------------------------------------------------------------------------


def closed(route, left, titled, ended, result):
    return ClosedFile(route, day(left), titled and day(titled), day(ended), result)


FILES = [
    closed("order_commercial", "2026-01-01", "2026-03-02", "2026-04-01", "paid"),  # 60, 90
    closed("order_commercial", "2026-01-01", "2026-04-11", "2026-07-20", "lost"),  # 100, 200
    closed("order_commercial", "2026-01-01", None, "2026-01-11", "paid"),  # 10
    closed("order_commercial", "2026-01-01", None, "2026-01-02", "withdrawn"),
    closed("summons", "2026-01-01", "2026-01-06", "2026-01-12", "lost"),
    closed("summons", "2026-01-01", "2026-01-07", "2026-01-13", "paid"),
    closed("small_claim", "2026-01-01", None, "2026-02-01", "withdrawn"),
]


def test_own_files_say_how_long_and_how_many_were_paid():
    assert outcomes(FILES) == {
        "order_commercial": Outcome(3, 1, 2, 2, 80, 90),
        "summons": Outcome(2, 0, 1, 2, 6, 12),  # between two days: the later
        "small_claim": Outcome(0, 1, 0, 0, None, None),
    }


def test_without_files_nothing_is_said():
    assert outcomes([]) == {}

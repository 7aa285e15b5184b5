"""The procedure for uncontested claims: its periods by hand on the calendar, its conditions."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.claim import Facts, Item
from core.clocks import CaseDates, clocks, lead_reached, running
from core.eligibility import examine
from core.uncontested import Commandement

from .samples import day

KINDS = ("reply", "record_wait", "record_service")


def of(place="mainland", **dates):
    """Return the clocks of a commandement, by kind."""
    typed = Commandement(**{name: day(on) for name, on in dates.items()})
    return {clock.kind: clock for clock in clocks(CaseDates(commandement=typed, place=place))}


@pytest.mark.parametrize(
    ("served", "reply", "wait"),
    [
        # 15 November 2026 is a Sunday: the 16th, then 8 days.
        ("2026-10-15", ("2026-11-15", "2026-11-16"), ("2026-11-23", "2026-11-24")),
        ("2026-11-30", ("2026-12-30", "2026-12-30"), ("2027-01-07", "2027-01-07")),
        # No 31st in February, and the 28th is a Saturday; 8 and 10 March: a Sunday, a Tuesday.
        ("2026-01-31", ("2026-02-28", "2026-03-02"), ("2026-03-08", "2026-03-10")),
        # New Year's Day, a Friday: Monday the 4th.
        ("2026-12-01", ("2027-01-01", "2027-01-04"), ("2027-01-09", "2027-01-12")),
        # Whit Monday.
        ("2026-04-25", ("2026-05-25", "2026-05-26"), ("2026-06-02", "2026-06-03")),
        # The month ends on a working day, the eight days on a Saturday.
        ("2026-09-11", ("2026-10-11", "2026-10-12"), ("2026-10-19", "2026-10-20")),
        ("2026-08-18", ("2026-09-18", "2026-09-18"), ("2026-09-26", "2026-09-28")),
    ],
)
def test_the_month_and_the_eight_days_add_up(served, reply, wait):
    found = of(served_on=served)
    for kind, (counted, extended) in {"reply": reply, "record_wait": wait}.items():
        deadline = found[kind].deadline
        assert (deadline.unextended, deadline.extended) == (day(counted), day(extended))
        assert not deadline.ours
        assert deadline.prudent == day(extended)
    last = day(wait[1])
    told = [lead_reached(found["record_wait"], on) for on in (last, last + timedelta(days=1))]
    assert told == [None, 0]


@pytest.mark.parametrize(
    ("recorded", "counted", "extended"),
    [
        ("2026-11-25", "2027-05-25", "2027-05-25"),
        ("2026-08-31", "2027-02-28", "2027-03-01"),  # a Sunday
        ("2026-11-06", "2027-05-06", "2027-05-07"),  # Ascension
    ],
)
def test_the_record_is_served_within_six_months(recorded, counted, extended):
    clock = of(recorded_on=recorded)["record_service"]
    assert (clock.deadline.unextended, clock.deadline.extended) == (day(counted), day(extended))
    assert clock.deadline.ours
    assert clock.deadline.prudent == day(counted)


def test_the_days_of_the_place_count():
    # 26 December is a holiday in Alsace and Moselle alone; 2025 has it on a Friday.
    assert of(served_on="2025-11-26")["reply"].deadline.extended == day("2025-12-26")
    assert of("alsace_moselle", served_on="2025-11-26")["reply"].deadline.extended == day(
        "2025-12-29"
    )


@pytest.mark.parametrize(
    ("dates", "left"),
    [
        ({"served_on": "2026-10-15"}, ["reply", "record_wait"]),
        ({"served_on": "2026-10-15", "contested_on": "2026-11-02"}, []),
        ({"served_on": "2026-10-15", "recorded_on": "2026-11-25"}, ["record_service"]),
        (
            {
                "served_on": "2026-10-15",
                "recorded_on": "2026-11-25",
                "record_served_on": "2027-01-08",
            },
            [],
        ),
        (
            {"served_on": "2026-10-15", "recorded_on": "2026-11-25", "contested_on": "2026-11-26"},
            [],
        ),
    ],
)
def test_what_happened_stops_what_waits_for_it(dates, left):
    typed = Commandement(**{name: day(on) for name, on in dates.items()})
    assert [clock.kind for clock in running(CaseDates(commandement=typed))] == left


def test_another_way_counts_none_of_it():
    assert not {clock.kind for clock in clocks(CaseDates(order_on=day("2026-09-01")))} & {*KINDS}


# -- Conditions ------------------------------------------------------------------------------------

ITEM = Item(1, day("2026-07-31"), Decimal(8000), None)
ASKED = Facts(
    day("2026-11-23"), (ITEM,), "b2b", route="uncontested", merchant=True, uncontested=True
)


def levels(facts):
    return {finding.code: finding.level for finding in examine(facts)}


@pytest.mark.parametrize(
    ("code", "level", "changes"),
    [
        ("decree", "ok", {}),
        ("no_decree", "forbidden", {"uncontested": False}),
        ("traders", "warning", {}),
        ("traders_unknown", "warning", {"merchant": None}),
        ("not_traders", "forbidden", {"merchant": False}),
        ("not_traders", "forbidden", {"regime": "b2c"}),
        ("not_traders", "forbidden", {"regime": "b2g", "merchant": None}),
        ("invoiced", "ok", {}),
        ("not_invoiced", "forbidden", {"items": (ITEM, replace(ITEM, key=2, invoiced=False))}),
        ("contested", "forbidden", {"items": (replace(ITEM, disputed=True),)}),
        ("not_due", "forbidden", {"items": (replace(ITEM, due=day("2026-11-23")),)}),
        ("settled", "forbidden", {"items": (replace(ITEM, left=Decimal(0)),)}),
        ("insolvent", "forbidden", {"items": (replace(ITEM, frozen=True),)}),
    ],
)
def test_each_condition_is_checked(code, level, changes):
    assert levels(replace(ASKED, **changes))[code] == level


def test_a_finding_names_the_items_without_an_invoice():
    facts = replace(ASKED, items=(ITEM, replace(ITEM, key=2, invoiced=False)))
    (found,) = (finding for finding in examine(facts) if finding.code == "not_invoiced")
    assert found.keys == (2,)


@pytest.mark.parametrize("route", [None, "order_commercial", "summons"])
def test_another_way_asks_for_none_of_it(route):
    codes = {"decree", "no_decree", "traders", "not_traders", "invoiced", "contested"}
    assert not codes & set(levels(replace(ASKED, route=route)))

"""Holidays overseas: the law as data, beside what two published calendars say.

The table was read on 27 November 2026 from `holidays` 0.109 and `jours-feries-france` 0.7.0, which
the addon does not use: they mix the days of the law with those of usage, and differ.
"""

import csv
from pathlib import Path

import pytest

from core.territories import CALENDARS, cautions, is_overseas, territory
from core.working_days import is_working_day, public_holidays

from .samples import day

DATA = Path(__file__).parent / "data" / "overseas_holidays.csv"


def rows():
    with DATA.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["territory"])
def test_the_days_added_beside_those_of_published_calendars(row):
    """What we count more or less than each calendar is named, so that a change is seen."""
    ours = {str(on)[5:] for on in public_holidays(2026, row["territory"])}
    common = {str(on)[5:] for on in public_holidays(2026)}
    assert ours - common == set(row["ours"].split())
    for calendar in ("holidays", "jours_feries_france"):
        theirs = set(row[calendar].split())
        assert (ours - common) - theirs == set(row[f"{calendar}_lacks"].split())
        assert theirs - (ours - common) == set(row[f"{calendar}_adds"].split())


def test_every_territory_is_compared_and_has_a_source_or_is_unknown():
    assert {row["territory"] for row in rows()} == set(CALENDARS) - {"mainland"}
    assert all(bool(calendar.source) is calendar.known for calendar in CALENDARS.values())


@pytest.mark.parametrize(
    ("code", "country", "place"),
    [
        ("97110", "FR", "guadeloupe"),
        ("97133", "FR", "saint_barthelemy"),
        ("97150", "FR", "saint_martin"),
        ("97200", "", "martinique"),
        ("97300", "", "guyane"),
        ("97400", "RE", "reunion"),
        ("97500", "", "saint_pierre_et_miquelon"),
        ("97600", "", "mayotte"),
        ("98600", "", "wallis_et_futuna"),
        ("98713", "FR", "polynesie"),
        ("98800", "NC", "nouvelle_caledonie"),
        ("97133", "BL", "saint_barthelemy"),
        ("67 000", "FR", "alsace_moselle"),
        ("57000", "", "alsace_moselle"),
        ("68000", "FR", "alsace_moselle"),
        ("67000", "DE", "mainland"),
        ("20200", "FR", "mainland"),
        ("", "", "mainland"),
        ("not a code", "FR", "mainland"),
    ],
)
def test_an_address_is_in_a_territory(code, country, place):
    assert territory(code, country) == place


def test_good_friday_is_worked_in_guadeloupe_by_law():
    assert is_working_day(day("2026-04-03"), "guadeloupe")
    assert not is_working_day(day("2026-04-03"), "alsace_moselle")


@pytest.mark.parametrize(
    ("debtor", "court", "expected"),
    [
        ("mainland", "mainland", ()),
        ("alsace_moselle", "mainland", ()),
        ("martinique", "martinique", ()),
        ("martinique", "mainland", ("distance",)),
        ("mainland", "reunion", ("distance",)),
        ("saint_martin", "guadeloupe", ("distance",)),
        ("nouvelle_caledonie", "nouvelle_caledonie", ("calendar",)),
        ("polynesie", "mainland", ("calendar", "distance")),
    ],
)
def test_what_a_person_checks(debtor, court, expected):
    assert cautions(debtor, court) == expected


def test_only_what_is_far_is_overseas():
    assert [place for place in CALENDARS if not is_overseas(place)] == [
        "mainland",
        "alsace_moselle",
    ]

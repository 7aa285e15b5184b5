"""Departments of addresses, names of registries, and the official file of the communes."""

import csv
from pathlib import Path

import pytest

from core.communes import read_communes
from core.csv_table import NotTableError
from core.departments import commune_department, department
from core.file_values import Problem
from core.registry_towns import find_court, index_by_town, town_of

DATA = Path(__file__).parents[2] / "account_dunning_fr" / "data" / "account.dunning.court.csv"
HEADER = "Commune;Code commune;Code postal;Greffe;Type greffe"


def courts():
    with DATA.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def index():
    rows = [row for row in courts() if row["kind"] != "tj"]
    return index_by_town((row["code"], row["name"], row["seat_city"]) for row in rows)


def read(*lines):
    return read_communes("\n".join((HEADER, *lines)))


@pytest.mark.parametrize(
    ("postal_code", "expected"),
    [
        ("01000", "01"),
        ("75 008", "75"),
        ("20000", "2A"),
        ("20137", "2A"),
        ("20200", "2B"),
        ("20600", "2B"),
        ("20800", ""),
        ("97090", "971"),
        ("97110", "971"),
        ("97200", "972"),
        ("97600", "976"),
        ("97743", "974"),
        ("97801", "974"),
        ("98800", "988"),
        ("00100", ""),
        ("1000", ""),
        ("D-10115", ""),
        ("", ""),
    ],
)
def test_department_of_a_postal_code(postal_code, expected):
    assert department(postal_code) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1004", "01"),
        ("2a004", "2A"),
        ("2B033", "2B"),
        ("97701", "971"),
        ("97411", "974"),
        ("2C001", ""),
        ("", ""),
    ],
)
def test_department_of_a_commune(code, expected):
    assert commune_department(code) == expected


def test_every_department_is_served_by_both_kinds():
    expected = {f"{number:02}" for number in range(1, 96)} - {"20"}
    expected |= {"2A", "2B", "971", "972", "973", "974", "976"}
    for judicial in (True, False):
        served = set()
        for row in courts():
            if (row["kind"] == "tj") == judicial:
                served.update(row["departments"].split(";"))
        assert served == expected


def test_several_courts_of_a_department_are_told_apart_by_a_note():
    by_department = {}
    for row in courts():
        for number in row["departments"].split(";"):
            by_department.setdefault((number, row["kind"] == "tj"), []).append(row)
    for group in by_department.values():
        assert len(group) == 1 or all(row["area_note"] for row in group)


def test_no_fee_is_shipped():
    assert not [name for name in courts()[0] if "fee" in name]


@pytest.mark.parametrize(
    ("registry", "code"),
    [
        ("PARIS", "tc_paris"),
        ("SAINT MALO", "tc_saint_malo"),
        ("ROMANS", "tc_romans_sur_isere"),
        ("BRIVE", "tc_brive_la_gaillarde"),
        ("VILLEFRANCHE-TARARE", "tc_villefranche_sur_saone"),
        ("LE-MANS", "tc_le_mans"),
        ("COLMAR", "tjc_colmar"),
        ("SAINT-PIERRE-DE-LA-REUNION", "tmc_saint_pierre_de_la_reunion"),
        ("POINTE-A-PITRE", "tmc_pointe_a_pitre"),
        ("AVIGNON", "tc_avignon"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_court_of_a_registry(registry, code):
    assert find_court(registry, index()) == code


def test_each_shipped_commercial_court_is_found_by_its_seat():
    # The only seat that two courts could share, Saint-Pierre, is overseas and listed once.
    for row in courts():
        if row["kind"] != "tj":
            assert find_court(row["seat_city"].upper(), index()) == row["code"], row


def test_the_town_of_every_name_is_a_town():
    assert not [row["name"] for row in courts() if "TRIBUNAL" in town_of(row["name"])]


def test_a_line_is_read_with_its_zeros_given_back():
    (row,) = read("Abergement-Clémenciat;1001;1400;BOURG-EN-BRESSE;TC").rows
    assert (row.code, row.postal_code, row.line) == ("01001", "01400", 2)


def test_columns_are_found_by_name_and_duplicates_are_one():
    text = "Greffe;Code postal;Code commune;Commune\nDAX;40100;40088;Dax\nDAX;40100;40088;Dax"
    reading = read_communes("\ufeff" + text)
    assert [row.name for row in reading.rows] == ["Dax"]


def test_the_registries_of_no_court_are_left_out():
    lines = [
        f"Nouméa;98818;98800;{name};"
        for name in ("Gie Infogreffe", "Nouvelle Calédonie", "PAPEETE (TGI)", "MATA-UTU (TGI)")
    ]
    reading = read(*lines, "Saint-Pierre;97502;97500;SAINT PIERRE (TGI);")
    assert (reading.rows, reading.problems, reading.left_out) == ((), (), 5)


def test_a_commune_may_have_no_postal_code_but_not_two_registries():
    reading = read("Dax;40088;;DAX;TC", "Dax;40088;40100;MONT-DE-MARSAN;TC", "Dax;40088;40100;DAX;")
    assert [row.postal_code for row in reading.rows] == ["", "40100"]
    assert reading.problems == (Problem(3, "two_registries", "Dax"),)


def test_bad_lines_are_named():
    reading = read("Nowhere;ABC;40100;DAX;TC", ";40088;40100;DAX;TC", "Dax;40088;40100;;TC", "Dax")
    assert [(problem.line, problem.reason) for problem in reading.problems] == [
        (2, "code"),
        (3, "name"),
        (4, "registry"),
        (5, "code"),
    ]


@pytest.mark.parametrize("text", ["", "Commune;Greffe\nDax;DAX"])
def test_another_file_is_refused(text):
    with pytest.raises(NotTableError, match="Code commune, Code postal"):
        read_communes(text)


def test_what_is_printed_of_a_court_has_the_apostrophe_of_the_letters():
    assert "'" not in DATA.read_text(encoding="utf-8")

"""The notices of the BODACC and the answers of the register are read by their documented fields."""

import csv
import io
import json
from datetime import date

import pytest

from core.judgments import classify
from core.register_answers import NotAnswerError, read_identity
from core.register_files import NotNoticesError, read_notices

NOTICE = {
    "id": "A202600991234",
    "familleavis": "collective",
    "typeavis": "annonce",
    "dateparution": "2026-05-28",
    "numeroannonce": 1234,
    "tribunal": "Greffe du Tribunal de Commerce de Lyon",
    "commercant": "ATELIER DUVAL",
    "registre": ["552100554", "552 100 554"],
    "listepersonnes": json.dumps({"personne": {"typePersonne": "pm"}}),
    "jugement": json.dumps(
        {
            "famille": "Jugement d'ouverture",
            "nature": "Jugement d'ouverture d'une procédure de redressement judiciaire",
            "date": "19 mai 2026",
            "complementJugement": "Mandataire judiciaire : SELARL Durand.",
        }
    ),
    "parutionavisprecedent": None,
    "url_complete": "left alone",
}


def as_csv(*notices, delimiter=";"):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, NOTICE, delimiter=delimiter)
    writer.writeheader()
    for notice in notices:
        told = notice.get("registre")
        register = ",".join(told) if isinstance(told, list) else told
        writer.writerow({**notice, "registre": register})
    return stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([NOTICE]),
        json.dumps({"total_count": 1, "results": [NOTICE]}),
        json.dumps(NOTICE),
        as_csv(NOTICE),
        "\ufeff" + as_csv(NOTICE, delimiter=","),
    ],
)
def test_json_csv_a_page_and_one_notice_say_the_same(text):
    (notice,) = read_notices(text).notices
    assert notice.number == "A202600991234"
    assert notice.sirens == ("552100554",)
    assert notice.judgment == ("open", "receivership")
    assert (notice.published, notice.judged) == (date(2026, 5, 28), date(2026, 5, 19))
    assert (notice.court, notice.name) == (NOTICE["tribunal"], "ATELIER DUVAL")
    assert (notice.natural, notice.amends) == (False, "")
    assert notice.words.endswith("– Mandataire judiciaire : SELARL Durand.")


OPENING = "Jugement d'ouverture"
SAID = "Jugement prononçant"
EXTRACT = "Extrait de jugement"


@pytest.mark.parametrize(
    ("family", "nature", "step", "kind"),
    [
        (OPENING, f"{OPENING} de liquidation judiciaire", "open", "liquidation"),
        (OPENING, "JUGEMENT D’OUVERTURE D’UNE PROCEDURE DE SAUVEGARDE", "open", "safeguard"),
        (OPENING, f"{OPENING} d'une procédure de sauvegarde accélérée", "open", "safeguard"),
        (EXTRACT, "Jugement d'extension de liquidation judiciaire", "open", "liquidation"),
        (SAID, f"{SAID} la liquidation judiciaire", "open", "liquidation"),
        (
            SAID,
            "Jugement de conversion en redressement judiciaire de la procédure de sauvegarde",
            "convert",
            "receivership",
        ),
        (
            SAID,
            "Jugement de conversion en liquidation judiciaire de la procédure de sauvegarde",
            "convert",
            "liquidation",
        ),
        (
            SAID,
            f"{SAID} la résolution du plan de redressement et la liquidation judiciaire",
            "convert",
            "liquidation",
        ),
        (EXTRACT, "Jugement arrêtant le plan de redressement", "plan", ""),
        (EXTRACT, "Jugement arrêtant le plan de cession", "plan", ""),
        ("Jugement de clôture", "Jugement de clôture pour insuffisance d'actif", "close", ""),
        ("Jugement de clÃ´ture", "Jugement de clÃ´ture pour extinction du passif", "close", ""),
        ("Rétractation sur tierce opposition", "", "annul", ""),
        ("Arrêt", "Arrêt de la Cour d'appel infirmant une décision publiée", "annul", ""),
        ("Avis de dépôt", "Dépôt de l'état des créances", "other", ""),
        (OPENING, f"{OPENING} d'un rétablissement professionnel", "other", ""),
        (SAID, f"{SAID} la faillite personnelle", "other", ""),
        ("", "", "other", ""),
    ],
)
def test_a_judgment_is_understood_by_its_words(family, nature, step, kind):
    found = classify(family, nature)
    assert found.step == step
    assert not kind or found.kind == kind


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": ""}, "number"),
        ({"registre": []}, "siren"),
        ({"registre": None}, "siren"),
        ({"registre": ["12345"]}, "siren"),
        ({"registre": ["1234567890123"]}, "siren"),
        ({"dateparution": "2026-02-31"}, "date"),
        ({"dateparution": None}, "date"),
        ({"dateparution": "0001-01-01"}, "date"),
    ],
)
def test_a_bad_notice_is_named_and_the_others_are_read(changes, reason):
    notices = [NOTICE, NOTICE | changes, NOTICE | {"id": "A3"}]
    for reading in (read_notices(json.dumps(notices)), read_notices(as_csv(*notices))):
        assert [problem.reason for problem in reading.problems] == [reason]
        assert [notice.number for notice in reading.notices] == ["A202600991234", "A3"]


def test_a_field_too_long_for_csv_is_named_after_what_was_read():
    reading = read_notices(as_csv(NOTICE, NOTICE | {"commercant": "x" * 200_000}))
    assert [problem.reason for problem in reading.problems] == ["unreadable"]
    assert len(reading.notices) == 1


def test_what_is_no_notice_is_named():
    reading = read_notices(json.dumps([1, None, "x", NOTICE]))
    assert [problem[:2] for problem in reading.problems] == [
        (1, "unreadable"),
        (2, "unreadable"),
        (3, "unreadable"),
    ]


@pytest.mark.parametrize("family", ["vente", "creation", "dpc", "radiation"])
def test_other_families_are_counted_not_read(family):
    reading = read_notices(json.dumps([NOTICE | {"familleavis": family, "registre": None}]))
    assert (reading.notices, reading.problems, reading.others) == ((), (), 1)


@pytest.mark.parametrize("text", ["", "hello", "a;b\n1;2", "{}", "[", '{"results": 3}', "12"])
def test_another_file_is_refused(text):
    with pytest.raises(NotNoticesError):
        read_notices(text)


@pytest.mark.parametrize("judgment", [None, "", "not JSON", "[1]", '{"date": "hier"}'])
def test_a_notice_without_a_readable_judgment_is_for_a_person(judgment):
    (notice,) = read_notices(json.dumps([NOTICE | {"jugement": judgment}])).notices
    assert (notice.judgment.step, notice.judged) == ("other", None)


def test_an_annulment_names_the_notice_before_it():
    previous = {"nomPublication": "BODACC A", "numeroParution": "20260099", "numeroAnnonce": 1234}
    annulled = NOTICE | {"id": "A2", "typeavis": "annulation", "parutionavisprecedent": previous}
    (notice,) = read_notices(json.dumps([annulled])).notices
    assert (notice.judgment.step, notice.amends) == ("annul", NOTICE["id"])


@pytest.mark.parametrize(
    "persons",
    [
        {"personne": {"typePersonne": "pp"}},
        {"personne": [{"typePersonne": "pm"}, {"typePersonne": "pp"}]},
        json.dumps({"personne": {"typePersonne": "pp"}}),
    ],
)
def test_a_natural_person_is_told(persons):
    (notice,) = read_notices(json.dumps([NOTICE | {"listepersonnes": persons}])).notices
    assert notice.natural


COMPANY = {
    "siren": "552100554",
    "nom_complet": "ATELIER DUVAL",
    "etat_administratif": "A",
    "nature_juridique": "5710",
    "date_creation": "1998-04-01",
    "siege": {"siret": "55210055400013", "adresse": "1 RUE DU PORT 69001 LYON"},
    "dirigeants": [{"nom": "X"}],
}


def test_the_register_says_who_a_siren_is():
    found = read_identity(json.dumps({"results": [{"siren": "1"}, COMPANY]}), "552100554")
    assert (found.state, found.form, found.seat) == ("A", "5710", "55210055400013")
    assert found.created == date(1998, 4, 1)
    assert "X" not in found


def test_what_else_the_search_found_is_never_taken_for_it():
    assert read_identity(json.dumps({"results": [COMPANY]}), "542107651") is None
    assert read_identity('{"results": []}', "552100554") is None


@pytest.mark.parametrize(
    "text", ["", "<html>", "[]", '{"results": {}}', '{"results": [{"siren": "552100554"}]}']
)
def test_another_answer_is_refused(text):
    with pytest.raises(NotAnswerError):
        read_identity(text, "552100554")

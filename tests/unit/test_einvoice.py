"""Each status of the e-invoice's life cycle has one meaning for dunning, in whatever order."""

from datetime import date, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from core.einvoice import (
    PLACES,
    PROOFS,
    REASONS,
    RECEIVED,
    STOPS,
    TREATMENTS,
    dispute_reason,
    split_reason,
    treatment,
)
from core.einvoice_standing import Status, standing

DISPUTE_REASONS = {"not_received", "goods", "price", "delivery", "administrative", "other"}


def on(day, code, amount=0, reason="", at=None):
    return Status(code, date(2026, 11, day), at, Decimal(amount), reason)


def stop(*statuses, total=100):
    found = standing(statuses, Decimal(total)).stop
    return found and (found.meaning, found.status.code, int(found.amount))


@pytest.mark.parametrize("code", ["200", "201", "202", "203"])
def test_sending_and_receipt_are_proofs(code):
    assert treatment(code) == "proof"
    assert code in PROOFS


@pytest.mark.parametrize("code", ["204", "205", "209"])
def test_what_goes_its_way_stops_nothing(code):
    assert treatment(code) not in STOPS


@pytest.mark.parametrize("code", ["206", "207", "208", "210", "211", "212", "213", "221", "501"])
def test_what_is_contested_not_received_or_paid_stops_dunning(code):
    assert treatment(code) in STOPS


def test_each_has_its_place_in_the_life_cycle():
    assert set(PLACES) == set(TREATMENTS)


def test_an_unknown_status_means_nothing():
    assert treatment("999") is None
    assert standing([on(1, "999")]).stop is None


@pytest.mark.parametrize("reason", ["", "REJ_ADR", "ADR_ERR"])
def test_rejected_for_its_address_it_never_arrived(reason):
    assert treatment("213", reason) == "never_received"


@pytest.mark.parametrize("reason", ["REJ_SEMAN", "DOUBLON", "MONTANTTOTAL_ERR"])
def test_rejected_for_what_it_says_it_is_a_dispute(reason):
    assert treatment("213", reason) == "dispute"


def test_every_reason_is_a_reason_of_a_dispute():
    assert set(REASONS.values()) <= DISPUTE_REASONS
    assert {dispute_reason(code) for code in TREATMENTS} <= DISPUTE_REASONS


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("PU_ERR", "PU_ERR", ""),
        ("[PU_ERR] Prix erroné", "PU_ERR", "Prix erroné"),
        ("QTE_ERR: deux cartons manquent", "QTE_ERR", "deux cartons manquent"),
        ("DOUBLON – déjà reçue", "DOUBLON", "déjà reçue"),
        ("UNKNOWN_CODE what", "", "UNKNOWN_CODE what"),
        ("Pas commandé", "", "Pas commandé"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_a_reason_begins_with_its_code_or_is_words(text, code, words):
    assert split_reason(text) == (code, words)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([on(1, "200"), on(1, "202"), on(2, "205")], None),
        ([on(1, "203"), on(2, "210")], ("dispute", "210", 0)),
        ([on(2, "208"), on(3, "209")], None),
        ([on(2, "210"), on(3, "209")], ("dispute", "210", 0)),
        ([on(2, "210"), on(3, "203")], ("dispute", "210", 0)),
        ([on(2, "207"), on(3, "205")], None),
        ([on(2, "206", 30)], ("dispute_part", "206", 30)),
        ([on(2, "211"), on(3, "212")], ("collected", "212", 0)),
        ([on(2, "212", 40), on(3, "212", 60)], ("collected", "212", 0)),
        ([on(2, "212", 40), on(3, "212", 20)], ("collected", "212", 60)),
        ([on(2, "206", 30), on(3, "212", 70)], ("dispute_part", "206", 30)),
        ([on(2, "212"), on(3, "205")], ("collected", "212", 0)),
        ([on(1, "213", reason="REJ_ADR"), on(4, "203")], None),
        ([on(1, "213", reason="REJ_SEMAN"), on(4, "202")], None),
        ([on(1, "213", reason="REJ_ADR"), on(4, "200")], ("never_received", "213", 0)),
        ([on(1, "200", reason="NON_TRANSMISE"), on(5, "204")], None),
        ([on(1, "221"), on(2, "210")], ("dispute", "210", 0)),
    ],
)
def test_the_issue_day_decides_in_whatever_order_they_arrive(statuses, expected):
    for arrived in permutations(statuses):
        assert stop(*arrived) == expected
        assert stop(*arrived, *arrived) == expected


def test_on_one_day_the_moment_decides_then_the_life_cycle():
    def at(code, hour):
        return on(3, code, at=datetime.fromisoformat(f"2026-11-03T{hour:02}:00"))

    assert stop(at("207", 9), at("205", 15)) is None
    assert stop(at("205", 9), at("207", 15)) == ("dispute", "207", 0)
    assert stop(on(3, "210"), on(3, "205")) == ("dispute", "210", 0)
    assert stop(on(3, "205"), on(3, "208")) is None
    assert stop(on(3, "203"), on(3, "213")) == ("never_received", "213", 0)
    # What a person records without an hour comes after what the platform said that day.
    assert stop(on(3, "205"), at("210", 9)) is None


def test_he_has_it_from_the_day_on_which_he_got_it_after_all():
    rejected = on(1, "213", reason="REJ_ADR")
    found = standing([rejected])
    assert (found.not_received, found.received_on) == (True, None)
    found = standing([on(9, "205"), rejected, on(4, "203")])
    assert (found.not_received, found.received_on) == (False, date(2026, 11, 4))
    again = standing([rejected, on(4, "203"), on(6, "213", reason="REJ_ADR")])
    assert (again.not_received, again.received_on) == (True, None)


@pytest.mark.parametrize("code", sorted(RECEIVED))
def test_what_was_never_said_not_to_have_arrived_has_no_day_of_receipt(code):
    found = standing([on(3, code)])
    assert (found.not_received, found.received_on) == (False, None)


def test_the_last_status_is_shown_a_proof_only_where_there_is_no_other():
    assert standing([on(1, "200"), on(2, "203")]).last.code == "203"
    assert standing([on(1, "205"), on(2, "203")]).last.code == "205"
    assert standing([]).last is None

"""Each status of the e-invoice's life cycle has one meaning for dunning."""

import pytest

from core.einvoice import STOPS, treatment


@pytest.mark.parametrize("code", ["200", "201", "202", "203"])
def test_sending_and_receipt_are_proofs(code):
    assert treatment(code) == "proof"


@pytest.mark.parametrize("code", ["204", "205"])
def test_what_goes_its_way_stops_nothing(code):
    assert treatment(code) not in STOPS


@pytest.mark.parametrize("code", ["206", "207", "208", "210", "211", "212", "213"])
def test_what_is_contested_not_received_or_paid_stops_dunning(code):
    assert treatment(code) in STOPS


def test_an_unknown_status_means_nothing():
    assert treatment("999") is None

"""The reason of a returned debit is read from the bank's line, and asks for one thing."""

import pytest

from core.debit_returns import REASONS, find_reason, treatment


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PRLV SEPA REJETE AM04 FAC/2026/0001", "AM04"),
        ("rejet md01 mandat", "MD01"),
        ("RTR.SDD.AC04.2026", "AC04"),
        ("IMPAYE PROVISION INSUFFISANTE", "AM04"),
        ("Rejet : compte clôturé", "AC04"),
        ("REJET PRELEVEMENT PAS D'AUTORISATION", "MD01"),
        ("Opposition du débiteur", "MS02"),
        ("FAC/2026/AM040", ""),
        ("XX99", ""),
        ("VIR SEPA CLIENT", ""),
        (None, ""),
    ],
)
def test_the_reason_is_read_as_a_code_or_in_the_words_of_a_bank(text, code):
    assert find_reason(text) == code


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("AM04",), "funds"),
        (("MD01", "MD06", "MS02", "SL01"), "contested"),
        (("AC01", "AC04", "AC06", "AC13", "AG01", "RC01"), "account"),
        (("MS03", "ZZ99", "", None), "other"),
    ],
)
def test_each_reason_asks_for_one_thing(codes, expected):
    assert {treatment(code) for code in codes} == {expected}


def test_every_reason_has_a_treatment():
    assert set(REASONS.values()) == {"funds", "contested", "account", "other"}

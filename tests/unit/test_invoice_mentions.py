"""Which rates a text states: what people write on invoices, and what is none of it."""

from decimal import Decimal

import pytest

from core.invoice_mentions import (
    PERCENT,
    POINTS,
    TIMES,
    Basis,
    framework,
    mentions,
    other_rates,
    stated_rates,
)

TEXTS = (
    ("", []),
    ("TVA 20 % sur les encaissements", []),
    ("Pénalités de retard : 10 %", [(PERCENT, "10")]),
    ("PENALITES DE RETARD 12,40% l'an", [(PERCENT, "12.40")]),
    ("Pénalités de retard : 1 % par mois de retard", [(PERCENT, "12")]),
    ("Pénalités au taux de 3 fois le taux d'intérêt légal", [(TIMES, "3")]),
    ("pénalités égales à trois (3) fois le taux légal", [(TIMES, "3")]),
    ("Taux BCE majoré de 10 points. Pénalités de retard dues.", []),
    ("Pénalités de retard : taux BCE majoré de dix points", []),
    ("Pénalités : taux de la BCE + 10 points de pourcentage", [(POINTS, "10")]),
    ("Intérêts moratoires : taux BCE + 8 points", [(POINTS, "8")]),
    ("Clause pénale de 15 %. Pénalités de retard : 11 %", [(PERCENT, "11")]),
    ("Escompte de 2 % pour paiement anticipé, sans pénalité", []),
    ("Late-payment penalties of 9.5 percent a year", [(PERCENT, "9.5")]),
    ("Late payment interest: 8% per annum", [(PERCENT, "8")]),
    ("Pénalités de retard : 12,40 %\nIndemnité : 40 €", [(PERCENT, "12.40")]),
)


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_rate_is_read_where_a_sentence_speaks_of_late_payment(text, expected):
    assert stated_rates(text) == [Basis(kind, Decimal(figure)) for kind, figure in expected]


def test_what_will_be_claimed_is_no_other_rate():
    text = "Pénalités de retard : taux BCE majoré de 10 points, soit 12,40 %, ou 15 %"
    claimed = {Basis(POINTS, Decimal(10)), Basis(PERCENT, Decimal("12.4"))}
    assert other_rates(text, claimed) == [Basis(PERCENT, Decimal(15))]


def test_only_professionals_and_public_bodies_read_of_penalties():
    assert mentions("b2b") == mentions("b2g") == ("PMD", "PMT", "AAB")
    assert mentions("b2c") == mentions(None) == mentions(False) == ()


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ((), ""),
        ((False,), ""),
        (("consu",), "B1"),
        (("consu", "combo"), "B1"),
        (("service",), "S1"),
        (("service", "consu"), "M1"),
        (("service", False), ""),
        (("other",), ""),
    ],
)
def test_what_is_invoiced_is_said_where_each_line_says_it(kinds, code):
    assert framework(kinds) == code

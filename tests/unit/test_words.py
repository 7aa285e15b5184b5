"""Sums in words: the agreements and hyphens of French, from one cent to a thousand million."""

import random
import re
from decimal import Decimal

import pytest

from core.words import UNITS, euros, number, sum_in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "zéro euro"),
        ("0.01", "un centime d’euro"),
        ("0.50", "cinquante centimes d’euro"),
        ("0.99", "quatre-vingt-dix-neuf centimes d’euro"),
        ("1.00", "un euro"),
        ("1.01", "un euro et un centime"),
        ("2.00", "deux euros"),
        ("16.00", "seize euros"),
        ("17.20", "dix-sept euros et vingt centimes"),
        ("21.00", "vingt et un euros"),
        ("40.00", "quarante euros"),
        ("61.00", "soixante et un euros"),
        ("70.00", "soixante-dix euros"),
        ("71.71", "soixante et onze euros et soixante et onze centimes"),
        ("77.00", "soixante-dix-sept euros"),
        ("80.80", "quatre-vingts euros et quatre-vingts centimes"),
        ("81.00", "quatre-vingt-un euros"),
        ("91.00", "quatre-vingt-onze euros"),
        ("99.99", "quatre-vingt-dix-neuf euros et quatre-vingt-dix-neuf centimes"),
        ("100.00", "cent euros"),
        ("101.00", "cent un euros"),
        ("200.00", "deux cents euros"),
        ("201.00", "deux cent un euros"),
        ("280.00", "deux cent quatre-vingts euros"),
        ("1000.00", "mille euros"),
        ("1100.00", "mille cent euros"),
        ("1234.56", "mille deux cent trente-quatre euros et cinquante-six centimes"),
        ("2000.00", "deux mille euros"),
        ("21000.00", "vingt et un mille euros"),
        ("80000.00", "quatre-vingt mille euros"),
        ("80080.00", "quatre-vingt mille quatre-vingts euros"),
        ("200000.00", "deux cent mille euros"),
        ("280000.00", "deux cent quatre-vingt mille euros"),
        ("1000000.00", "un million d’euros"),
        ("1000000.40", "un million d’euros et quarante centimes"),
        ("1000001.00", "un million un euros"),
        ("1000080.00", "un million quatre-vingts euros"),
        ("2000000.00", "deux millions d’euros"),
        ("80000000.00", "quatre-vingts millions d’euros"),
        ("200000000.00", "deux cents millions d’euros"),
        (
            "999999999.99",
            "neuf cent quatre-vingt-dix-neuf millions neuf cent quatre-vingt-dix-neuf mille "
            "neuf cent quatre-vingt-dix-neuf euros et quatre-vingt-dix-neuf centimes",
        ),
    ],
)
def test_a_sum_of_euros_in_words(amount, words):
    assert euros(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("code", "amount", "words"),
    [
        ("USD", "1", "un dollar des États-Unis"),
        ("USD", "1800.01", "mille huit cents dollars des États-Unis et un cent"),
        ("USD", "1000000", "un million de dollars des États-Unis"),
        ("CHF", "80", "quatre-vingts francs suisses"),
        ("GBP", "1", "une livre sterling"),
        ("GBP", "21.02", "vingt et une livres sterling et deux pence"),
        ("GBP", "71", "soixante et onze livres sterling"),
        ("GBP", "0.01", "un penny de livre sterling"),
    ],
)
def test_a_sum_of_another_currency(code, amount, words):
    assert sum_in_words(Decimal(amount), UNITS[code]) == words


@pytest.mark.parametrize("amount", ["-0.01", "-1", "1000000000", "0.001", "12.345"])
def test_what_cannot_be_written_is_refused(amount):
    with pytest.raises(ValueError, match="must"):
        euros(Decimal(amount))


def value_of(words):
    """Read words back, by another way than they are written."""
    names = (
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    )
    small = {name: value for value, name in enumerate(f"{names} seize".split())}
    small |= {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50}
    small |= {"soixante": 60, "et": 0}
    total = group = 0
    plain = re.sub("quatre-vingts?", "huitante", words).replace("-", " ")
    for word in plain.split():
        if word in ("cent", "cents"):
            group = max(group, 1) * 100
        elif word == "mille":
            total, group = total + max(group, 1) * 1000, 0
        elif word.startswith("million"):
            total, group = total + group * 1_000_000, 0
        else:
            group += 80 if word == "huitante" else small[word]
    return total + group


def test_every_number_read_back_is_the_number_written():
    some = random.Random(17).sample(range(1_000_000_000), 3000)
    for value in (*range(2001), *range(79_000, 82_000, 7), *some, 999_999_999):
        assert value_of(number(value)) == value


def test_no_two_numbers_share_their_words():
    assert len({number(value) for value in range(100_000)}) == 100_000

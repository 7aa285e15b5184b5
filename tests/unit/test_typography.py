"""French terms get their apostrophes and spaces when they are merged, markup and code none."""

import doctest

import pytest

from sandbox_lib import translations

KEPT = (
    "<t t-out=\"o['name']\" t-options=\"{'widget': 'date'}\" />",
    "{{ object.name or 'x' }}",
    "object._get_letter_filename().removesuffix('.pdf')",
    "http://exemple.fr/a?b=1 12:30 a:b",
    "%(rate)s %(label)s",
    "L’article L.\u00a0441-10\u00a0: c’est dû.",
)


def test_its_examples_hold():
    assert doctest.testmod(translations).failed == 0


@pytest.mark.parametrize("term", KEPT)
def test_what_is_code_or_right_already_stays(term):
    assert translations.set_french(term) == term


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Aujourd'hui l'un", "Aujourd’hui l’un"),
        ("%(a)s : oui ; non ? Si !", "%(a)s~: oui~; non~? Si~!"),
        ("« Imprimer » les 5 %", "«~Imprimer~» les 5~%"),
        ("%(rate)s %% au moins", "%(rate)s~%% au moins"),
        ("C. com. L441-10 II, art. D. 441-5", "C. com. L.~441-10 II, art.~D.~441-5"),
        ("pièce n° <b>1</b> :", "pièce n°~<b>1</b>~:"),
    ],
)
def test_french_is_set_as_it_is_printed(typed, printed):
    assert translations.set_french(typed).replace("\u00a0", "~") == printed

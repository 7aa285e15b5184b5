"""What an invoice says about late payment, and which rates a text states.

Between professionals the invoice shows the rate of the penalties, the flat indemnity and the
conditions of discount (C. com. L. 441-9 I); a public body owes interest and an indemnity under its
own rules (CCP L. 2192-13). A consumer owes neither (C. com. L. 441-10), so the invoice mentions
none. An e-invoice carries each in a note under its code (UNTDID 4451; rules BR-FR-05 and BR-FR-06).

>>> mentions("b2b"), mentions("b2c")
(('PMD', 'PMT', 'AAB'), ())
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from .claims_allowed import allowed

PMD, PMT, AAB = "PMD", "PMT", "AAB"  # penalties, flat indemnity, discount
PERCENT, POINTS, TIMES = "percent", "points", "times"


class Basis(NamedTuple):
    """A rate as a text states it.

    :param kind: ``percent`` a year, ``points`` over the rate of the central bank, or ``times`` the
        legal rate
    """

    kind: str
    figure: Decimal


def mentions(regime: str | None) -> tuple[str, ...]:
    """Return the codes of the mentions on an invoice to a customer of a regime, in order.

    :param regime: "b2b", "b2g", "b2c", or None (or False) where nothing is known

    >>> mentions("b2g"), mentions(None)
    (('PMD', 'PMT', 'AAB'), ())
    """
    rights = allowed(regime)
    owed = rights.penalties.at_once and rights.indemnity.possible
    return (PMD, PMT, AAB) if owed else ()


def framework(kinds: Collection[str | bool]) -> str:
    """Return the code of what is invoiced (BT-23; BR-FR-08), empty if it is not known.

    :param kinds: of the lines: ``consu`` or ``combo`` (goods), ``service``

    >>> framework({"service"}), framework({"consu", "service"}), framework({"service", False})
    ('S1', 'M1', '')
    """
    known = {"consu": "B1", "combo": "B1", "service": "S1"}
    found = {known.get(kind, "") for kind in kinds}
    if len(found) > 1 and "" not in found:
        return "M1"
    return found.pop() if len(found) == 1 else ""


# Only sentences about penalties for late payment are read. « Clause pénale » and discounts state a
# percentage of the amount, not an annual one.
_LATE = re.compile(
    r"p[ée]nalit|int[ée]r[êe]ts? (?:de retard|moratoire)|late[- ]payment|penalt", re.I
)
_OTHER = re.compile(r"clause p[ée]nale|penalty clause|escompte|discount", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;!?](?=\s|$)|\n")
_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
_SPACE = r"[\s\u00a0\u202f]*"
_PERCENT = re.compile(
    rf"{_NUMBER}{_SPACE}(?:%|pour cent|percent)({_SPACE}(?:par|/|a|per) ?m)?", re.I
)
_POINTS = re.compile(rf"{_NUMBER}{_SPACE}(?:points?\b|points? de pourcentage)", re.IGNORECASE)
_TIMES = re.compile(
    rf"(?:{_NUMBER}|\b(deux|trois|quatre|cinq|two|three|four|five)){_SPACE}(?:\(\d\){_SPACE})?"
    r"(?:fois|times)\b",
    re.IGNORECASE,
)
_WORDS = {"deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5}


def stated_rates(text: str) -> list[Basis]:
    """Return the annual late-payment rates that a text states, in order, each once.

    :param text: plain text; a monthly percentage counts for twelve months

    >>> stated_rates("Pénalités de retard : taux de la BCE majoré de 10 points. Escompte : 2 %.")
    [Basis(kind='points', figure=Decimal('10'))]
    >>> stated_rates("Late-payment penalties: three times the legal rate (8.25%).")
    [Basis(kind='times', figure=Decimal('3')), Basis(kind='percent', figure=Decimal('8.25'))]
    >>> stated_rates("TVA 20 %. Pénalités de 1,5 % par mois.")
    [Basis(kind='percent', figure=Decimal('18.0'))]
    """
    found: dict[Basis, None] = {}
    for sentence in _SENTENCE.split(text):
        if _LATE.search(sentence) and not _OTHER.search(sentence):
            found.update(dict.fromkeys(_read(sentence)))
    return list(found)


def _read(sentence: str) -> list[Basis]:
    read = [
        (match.start(), Basis(PERCENT, _decimal(match[1]) * (12 if match[2] else 1)))
        for match in _PERCENT.finditer(sentence)
    ]
    read += [
        (match.start(), Basis(POINTS, _decimal(match[1]))) for match in _POINTS.finditer(sentence)
    ]
    read += [
        (
            match.start(),
            Basis(TIMES, _decimal(match[1]) if match[1] else Decimal(_WORDS[match[2].lower()])),
        )
        for match in _TIMES.finditer(sentence)
    ]
    return [basis for _place, basis in sorted(read)]


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", "."))


def other_rates(text: str, claimed: Collection[Basis]) -> list[Basis]:
    """Return the rates that a text states and that will not be claimed.

    :param text: plain text
    :param claimed: all ways to state the rate that will be claimed

    >>> other_rates("Pénalités de retard : 10 % l'an.", [Basis(POINTS, Decimal(10))])
    [Basis(kind='percent', figure=Decimal('10'))]
    """
    return [basis for basis in stated_rates(text) if basis not in claimed]

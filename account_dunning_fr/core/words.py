"""An amount in French words: an acknowledgement of debt bears it with the figures (C. civ. 1376).

Traditional spelling: hyphens below one hundred, except around « et ». « Vingt » and « cent » take
an s when they are multiplied and end the number or stand before « millions », not before « mille ».
A round million takes « de » before the unit.

>>> euros(Decimal("40")), euros(Decimal("1000000"))
('quarante euros', 'un million d’euros')
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

_BELOW_20 = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit"),
    "dix-neuf",
)
_TENS = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante")
MILLION = 1_000_000
LIMIT = 1_000_000_000
_VOWELS = "aeiou"


class Unit(NamedTuple):
    """The names of a currency and its hundredth, singular and plural."""

    one: str
    many: str
    hundredth: str
    hundredths: str
    feminine: bool = False


UNITS = {
    "EUR": Unit("euro", "euros", "centime", "centimes"),
    "USD": Unit("dollar des États-Unis", "dollars des États-Unis", "cent", "cents"),
    "CHF": Unit("franc suisse", "francs suisses", "centime", "centimes"),
    "GBP": Unit("livre sterling", "livres sterling", "penny", "pence", True),
}


def number(value: int, *, feminine: bool = False) -> str:
    """Return a whole number in words.

    :param value: from zero to 999,999,999
    :raises ValueError: a number outside these bounds

    >>> number(80), number(80_000), number(280_000_000), number(1_971)
    ('quatre-vingts', 'quatre-vingt mille', 'deux cent quatre-vingts millions', 'mille neuf cent \
soixante et onze')
    >>> number(21, feminine=True)
    'vingt et une'
    """
    if not 0 <= value < LIMIT:
        raise ValueError(f"value must be from 0 to {LIMIT - 1}: {value}")
    millions, rest = divmod(value, MILLION)
    thousands, units = divmod(rest, 1000)
    words = []
    if millions:
        words.append(f"{_below_1000(millions)} million{'s' if millions > 1 else ''}")
    if thousands:
        words.append(f"{_below_1000(thousands, ends=False)} mille" if thousands > 1 else "mille")
    if units or not words:
        words.append(_below_1000(units))
    text = " ".join(words)
    return f"{text}e" if feminine and value % 100 not in (11, 71, 91) and value % 10 == 1 else text


def sum_in_words(amount: Decimal, unit: Unit) -> str:
    """Return an amount in words, to the hundredth.

    :param amount: at least zero, below one thousand million, without more than two decimals
    :raises ValueError: another amount

    >>> sum_in_words(Decimal("1234.50"), UNITS["EUR"])
    'mille deux cent trente-quatre euros et cinquante centimes'
    >>> sum_in_words(Decimal("0.01"), UNITS["EUR"])
    'un centime d’euro'
    """
    if amount * 100 != int(amount * 100):
        raise ValueError(f"amount must have two decimals at most: {amount}")
    whole, hundredths = divmod(int(amount * 100), 100)
    parts = number(hundredths), unit.hundredth if hundredths == 1 else unit.hundredths
    small = " ".join(parts)
    if not whole and hundredths:
        return f"{small} {_of(unit.one)}"
    words = number(whole, feminine=unit.feminine)
    name = unit.one if whole < 2 else unit.many
    if whole and whole % MILLION == 0:
        name = _of(unit.many)
    return f"{words} {name} et {small}" if hundredths else f"{words} {name}"


def euros(amount: Decimal) -> str:
    """Return an amount in euros in words; same bounds as `sum_in_words`."""
    return sum_in_words(amount, UNITS["EUR"])


def _of(name: str) -> str:
    return f"d’{name}" if name[0] in _VOWELS else f"de {name}"


def _below_1000(value: int, *, ends: bool = True) -> str:
    """Words of 0 to 999; `ends` is false if « mille » follows, before which nothing takes an s."""
    hundreds, rest = divmod(value, 100)
    if not hundreds:
        return _below_100(rest, ends=ends)
    cent = "cent" if hundreds == 1 else f"{_BELOW_20[hundreds]} cent"
    if rest:
        return f"{cent} {_below_100(rest, ends=ends)}"
    return f"{cent}s" if hundreds > 1 and ends else cent


def _below_100(value: int, *, ends: bool) -> str:
    if value < 20:
        return _BELOW_20[value]
    if value >= 80:
        rest = value - 80
        return (
            f"quatre-vingt-{_BELOW_20[rest]}" if rest else "quatre-vingts"[: None if ends else -1]
        )
    tens = min(value // 10, 6)
    rest = value - tens * 10
    if rest in (1, 11):
        return f"{_TENS[tens]} et {_BELOW_20[rest]}"
    return f"{_TENS[tens]}-{_BELOW_20[rest]}" if rest else _TENS[tens]

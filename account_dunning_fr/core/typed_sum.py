"""An amount that a debtor types in words, compared with the figures.

C. civ. 1376: an acknowledgement of a sum of money bears the sum written by the debtor in words and
in figures; if they differ, the words prevail. So they must not differ.

>>> expected = "mille deux cent trente-quatre euros et cinquante centimes"
>>> says_the_same("Mille deux cents trente quatre euro cinquante centime", expected)
True
>>> says_the_same("mille deux cent trente-cinq euros et cinquante centimes", expected)
False
"""

from __future__ import annotations

import re
import unicodedata

LENGTH = 300  # characters
_JOINED = {"et", "and", "de", "d", "zero", "virgule"}  # do not change the amount
_NOTHING = re.compile(r" (?:zero )?(?:centime|cent)$")


def says_the_same(typed: object, expected: str) -> bool:
    """Whether the typed words express the amount.

    Capitals, accents, hyphens, a plural s and « et » do not matter; figures are not words.

    :param typed: whatever a page sent
    :param expected: the amount in words, as returned by ``words.sum_in_words``

    >>> says_the_same("1234,50 euros", "mille deux cent trente-quatre euros et cinquante centimes")
    False
    >>> says_the_same("quarante euros et zéro centime", "quarante euros")
    True
    """
    if not isinstance(typed, str) or not 0 < len(typed) <= LENGTH:
        return False
    if any(char.isdigit() for char in typed):
        return False
    return bool(expected) and _plain(typed) == _plain(expected)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").casefold())
    letters = "".join(char for char in letters if not unicodedata.combining(char))
    text = " ".join(re.findall(r"[a-z]+", letters))
    if re.search(r"\bzero\b", text):
        text = _NOTHING.sub("", text)
    words = (word.removesuffix("s") for word in text.split())
    return " ".join(word for word in words if word not in _JOINED)

"""A sum that a debtor types in words, compared with the figure.

C. civ. 1376: an acknowledgement of a sum of money bears the sum written by whoever owes it, in
words and in figures; where they differ, the words hold. So they must not differ.

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
_JOINED = {"et", "and", "de", "d", "zero", "virgule"}  # say nothing of the sum
_NOTHING = re.compile(r" (?:zero )?(?:centime|cent)$")


def says_the_same(typed: object, expected: str) -> bool:
    """Whether the words typed are those of the sum.

    Capitals, accents, hyphens and the s of a plural do not count, nor « et »; figures are no words.

    :param typed: whatever a page sent
    :param expected: the sum in words, as ``words.sum_in_words`` gives it

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

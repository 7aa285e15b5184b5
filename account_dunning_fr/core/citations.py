"""Cites the articles on which a right rests: in one form, with the full name of the code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .claims_allowed import Right

# Abbreviation of a code: its name in French, in English.
_CODES = {
    "C. com.": ("code de commerce", "French commercial code"),
    "C. civ.": ("code civil", "French civil code"),
    "CCP": ("code de la commande publique", "French public procurement code"),
}


def cite(rights: Iterable[Right], *, french: bool) -> str:
    """Return the articles on which rights of one regime rest, as a sentence cites them.

    :return: each article once, the code in full; empty where none of them exists
    :raises ValueError: articles of a code without a name here, or of two codes

    >>> from core.claims_allowed import allowed
    >>> b2b = allowed("b2b")
    >>> cite([b2b.penalties, b2b.indemnity], french=False)
    'articles L. 441-10 II and D. 441-5 of the French commercial code'
    >>> cite([allowed("b2c").penalties, allowed("b2c").indemnity], french=True)
    'articles 1231-6 et 1344-1 du code civil'
    >>> cite([allowed(None).penalties], french=True)
    ''
    """
    sources = [right.source for right in rights if right.possible]
    if not sources:
        return ""
    codes = [code for code in _CODES if all(source.startswith(code) for source in sources)]
    if not codes:
        raise ValueError(f"no name for the code, or several codes: {sources}")
    space = "\N{NO-BREAK SPACE}" if french else " "
    found = [
        re.sub(r"^([DLR])(?=\d)", rf"\1.{space}", article)
        for source in sources
        for article in source.removeprefix(codes[0]).strip().split(", ")
    ]
    *first, last = dict.fromkeys(found)
    name = _CODES[codes[0]][0 if french else 1]
    listed = f" {'et' if french else 'and'} ".join(filter(None, [", ".join(first), last]))
    return f"article{'s' if first else ''} {listed} {'du' if french else 'of the'} {name}"

"""The name and the capacity of a signer, as typed by an unknown person.

>>> read_signer("  Jeanne   Martin ")
'Jeanne Martin'
"""

from __future__ import annotations

import unicodedata

LEAST, MOST = 2, 100  # characters


def read_signer(text: object) -> str:
    """Return what was typed, on one line, without unreadable characters.

    :param text: whatever a page sent
    :raise ValueError: no text, too short, too long, without two letters, or with invisible
        characters (controls, marks that change the writing direction)

    >>> read_signer("Gérante")
    'Gérante'
    >>> read_signer({"name": "Jeanne"})
    Traceback (most recent call last):
    ...
    ValueError: no text
    """
    if not isinstance(text, str):
        raise ValueError("no text")
    if len(text) > 10 * MOST:
        raise ValueError("too long")
    line = " ".join(text.split())
    if not LEAST <= len(line) <= MOST:
        raise ValueError("too short or too long")
    if sum(char.isalpha() for char in line) < LEAST:
        raise ValueError("no name")
    if any(unicodedata.category(char).startswith("C") for char in line):
        raise ValueError("characters that are not seen")
    return line

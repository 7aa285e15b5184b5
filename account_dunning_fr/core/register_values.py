"""Values as written by the public registers: JSON in a string, French dates, grouped SIRENs.

>>> read_day("1er mars 2026"), read_day("31 février 2026"), read_sirens("552 100 554,552100554")
(datetime.date(2026, 3, 1), None, ('552100554',))
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from .checks import FIRST_YEAR, LAST_YEAR
from .file_values import read_moment
from .judgments import fold

SIREN = re.compile(r"(?<!\d)(\d{3})[\s\xa0]?(\d{3})[\s\xa0]?(\d{3})(?!\d)")
FRENCH_DAY = re.compile(r"(\d{1,2})(?:er)? ([a-z]+) (\d{4})")
MONTHS = {
    name: number
    for number, name in enumerate(
        (
            "janvier",
            "fevrier",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "aout",
            "septembre",
            "octobre",
            "novembre",
            "decembre",
        ),
        1,
    )
}


def parse(text: Any) -> Any:
    """Return the content of a JSON text; None if it is not JSON.

    >>> parse('{"a": 1}'), parse("hello"), parse(None)
    ({'a': 1}, None, None)
    """
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None


def as_dict(value: Any) -> dict:
    """Return an object, given as such or as JSON text; an empty one for anything else."""
    found = value if isinstance(value, dict) else parse(value)
    return found if isinstance(found, dict) else {}


def read_day(value: Any) -> date | None:
    """Return a day written as « 2026-03-01 », « 01/03/2026 » or « 1er mars 2026 »; else None."""
    text = " ".join(str(value or "").split())
    if moment := read_moment(text):
        return moment[0]
    found = FRENCH_DAY.fullmatch(fold(text))
    if not found or found[2] not in MONTHS or not FIRST_YEAR <= int(found[3]) <= LAST_YEAR:
        return None
    try:
        return date(int(found[3]), MONTHS[found[2]], int(found[1]))
    except ValueError:
        return None


def read_sirens(value: Any) -> tuple[str, ...]:
    """Return the SIRENs in a list or a text, each once; numbers of another length are ignored."""
    parts = value if isinstance(value, (list, tuple)) else [value or ""]
    found = (siren for part in parts for siren in SIREN.findall(str(part)))
    return tuple(dict.fromkeys("".join(each) for each in found))


def is_natural(persons: Any) -> bool:
    """Whether one of the persons in a notice is a natural person (``typePersonne`` « pp »).

    >>> is_natural('{"personne": {"typePersonne": "pp", "nom": "X"}}'), is_natural(None)
    (True, False)
    """
    told = as_dict(persons).get("personne")
    each = told if isinstance(told, list) else [told]
    return any(as_dict(person).get("typePersonne") == "pp" for person in each)


def notice_number(previous: Any) -> str:
    """Return the number of the notice named by another one, in the form of its ``id``.

    >>> notice_number({"nomPublication": "BODACC A", "numeroParution": "20260012",
    ...                "numeroAnnonce": 345})
    'A20260012345'
    """
    told = as_dict(previous)
    parts = [str(told.get(key) or "").strip() for key in ("numeroParution", "numeroAnnonce")]
    letter = str(told.get("nomPublication") or "").strip()[-1:]
    return letter + "".join(parts) if letter and all(parts) else ""

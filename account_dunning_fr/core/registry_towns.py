"""The court of a registry (« greffe »), by the names of towns as written in the official files.

>>> find_court("Saint Étienne", {"SAINT ETIENNE": 42})
42
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

ALIASES = {
    "BRIVE": "BRIVE LA GAILLARDE",
    "ROMANS": "ROMANS SUR ISERE",
    "VILLEFRANCHE TARARE": "VILLEFRANCHE SUR SAONE",
}
TOWN_IN_NAME = re.compile(r"^TRIBUNAL .*?(?:DE|D|DU|DES) (?=\S)(?!COMMERCE|ACTIVITES)")


def normalise(name: str) -> str:
    """Return a name in capitals, without accents or punctuation, for comparison.

    >>> normalise("  Saint-Étienne  d'Estréchoux ")
    'SAINT ETIENNE D ESTRECHOUX'
    """
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE"))
    letters = "".join(char for char in plain if not unicodedata.combining(char)).upper()
    words = re.sub(r"[^A-Z0-9]+", " ", letters).split()
    return " ".join({"ST": "SAINT", "STE": "SAINTE"}.get(word, word) for word in words)


def town_of(court_name: str) -> str:
    """Return the town in the name of a court, normalised.

    >>> town_of("Tribunal des activités économiques d'Avignon")
    'AVIGNON'
    >>> town_of("Tribunal judiciaire de Colmar – chambre commerciale")
    'COLMAR'
    """
    name = normalise(court_name.split(" – ")[0])
    return TOWN_IN_NAME.sub("", name)


def index_by_town(courts: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """Index courts by the town of their name and by their seat.

    :param courts: (key, name, seat) of each; if two share a town, the name prevails
    :return: key by normalised town
    """
    listed = list(courts)
    index = {normalise(seat): key for key, _name, seat in listed}
    return index | {town_of(name): key for key, name, _seat in listed}


def find_court(registry: str, index: dict[str, int]) -> int | None:
    """Return the key of the court of a registry (« greffe »), or None if it is unknown.

    >>> find_court("ROMANS", {"ROMANS SUR ISERE": 7})
    7
    """
    town = normalise(registry)
    return index.get(town, index.get(ALIASES.get(town, "")))

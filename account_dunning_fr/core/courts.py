"""Where a debtor is sued: the department of an address, and the names of registries.

An order to pay is asked of the court of the place where the debtor lives or is established; a
clause to the contrary is deemed unwritten (CPC 1406 al. 2-3, CPC 43).

>>> department("20200"), department("97700"), department("69002")
('2B', '974', '69')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Postal codes of Corsica begin with 20, those overseas with 97 and 98.
CORSICA = dict.fromkeys(("200", "201", "203", "205", "207", "209"), "2A")
CORSICA |= dict.fromkeys(("202", "204", "206"), "2B")
OVERSEAS = {"970": "971", "977": "974", "978": "974"}  # the last two: CEDEX of La Réunion
COMMUNES_OVERSEAS = {"977": "971", "978": "971"}  # Saint-Barthélemy and Saint-Martin
POSTAL_CODE = re.compile(r"\d{5}")
COMMUNE_CODE = re.compile(r"\d{5}|2[AB]\d{3}")
ALIASES = {
    "BRIVE": "BRIVE LA GAILLARDE",
    "ROMANS": "ROMANS SUR ISERE",
    "VILLEFRANCHE TARARE": "VILLEFRANCHE SUR SAONE",
}
TOWN_IN_NAME = re.compile(r"^TRIBUNAL .*?(?:DE|D|DU|DES) (?=\S)(?!COMMERCE|ACTIVITES)")


def pad(code: str) -> str:
    """Give a code back the leading zeros that a spreadsheet took, to five characters.

    >>> pad("1004")
    '01004'
    """
    code = code.strip().upper()
    return code.zfill(5) if code else ""


def department(postal_code: str) -> str:
    """Return the department of a French postal code, or an empty string where there is none.

    >>> department("not a code")
    ''
    """
    code = postal_code.replace(" ", "")
    if not POSTAL_CODE.fullmatch(code) or code.startswith("00"):
        return ""
    if code.startswith("20"):
        return CORSICA.get(code[:3], "")
    if code.startswith(("97", "98")):
        return OVERSEAS.get(code[:3], code[:3])
    return code[:2]


def commune_department(code: str) -> str:
    """Return the department of a commune's INSEE code, or an empty string if it is none.

    >>> commune_department("2A004"), commune_department("97801"), commune_department("1004")
    ('2A', '971', '01')
    """
    code = pad(code)
    if not COMMUNE_CODE.fullmatch(code):
        return ""
    if code.startswith("97"):
        return COMMUNES_OVERSEAS.get(code[:3], code[:3])
    return code[:2]


def normalise(name: str) -> str:
    """Return a name in capitals without accents nor punctuation, to compare it.

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

    :param courts: (key, name, seat) of each; where two share a town, the name prevails
    :return: key by normalised town
    """
    listed = list(courts)
    index = {normalise(seat): key for key, _name, seat in listed}
    return index | {town_of(name): key for key, name, _seat in listed}


def find_court(registry: str, index: dict[str, int]) -> int | None:
    """Return the key of the court of a registry (« greffe »), or None where it is unknown.

    >>> find_court("ROMANS", {"ROMANS SUR ISERE": 7})
    7
    """
    town = normalise(registry)
    return index.get(town, index.get(ALIASES.get(town, "")))

"""The department of a French address: of a postal code, or of a commune's INSEE code.

>>> department("20200"), department("97700"), department("69002")
('2B', '974', '69')
"""

from __future__ import annotations

import re

# Postal codes of Corsica begin with 20, those overseas with 97 and 98.
CORSICA = dict.fromkeys(("200", "201", "203", "205", "207", "209"), "2A")
CORSICA |= dict.fromkeys(("202", "204", "206"), "2B")
OVERSEAS = {"970": "971", "977": "974", "978": "974"}  # the last two: CEDEX of La Réunion
COMMUNES_OVERSEAS = {"977": "971", "978": "971"}  # Saint-Barthélemy and Saint-Martin
POSTAL_CODE = re.compile(r"\d{5}")
COMMUNE_CODE = re.compile(r"\d{5}|2[AB]\d{3}")


def pad(code: str) -> str:
    """Restore the leading zeros that a spreadsheet removed, up to five characters.

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

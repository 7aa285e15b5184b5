"""SIREN, SIRET and VAT numbers as typed; their check digits are verified by python-stdnum.

Only French ones: a number of Monaco, or of another country, contains no SIREN whatever its digits.
"""

import re

from stdnum.fr import siren, siret, tva

# Where companies are registered in SIRENE: France and its overseas departments and communities. New
# Caledonia, Polynesia, Wallis and Futuna and Monaco have registers of their own.
FRENCH = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF")
MONACO = "000"  # beginning of the number within the VAT number of a company in Monaco
_DIGITS = re.compile(r"([A-Za-z]*-?)(\d(?:[\s.\-]?\d)*)")
_BEFORE = ("", "RCS", "SIREN", "SIRET", "A", "B", "C", "D")  # « RCS Paris B 552 100 554 »


def read_siren(registry, vat, country):
    """Return the SIREN that a company's numbers state, and whether one of them is wrong.

    :param str registry: SIREN or SIRET as it was typed, with its register or not
    :param str vat: VAT number
    :param str country: code of the country, or False where it is not known
    :return: ``(nine digits or "", True where a French number has a wrong key)``

    >>> read_siren("552 100 554 RCS PARIS 8", "", "FR")
    ('552100554', False)
    >>> read_siren("123456789", "", False)
    ('', True)
    >>> read_siren("CHE-109.298.651", "", "CH"), read_siren("", "FR40000066034", "MC")
    (('', False), ('', False))
    """
    of_registry, wrong_registry = "", False
    if not country or country in FRENCH:
        of_registry, wrong_registry = _read_registry(registry or "")
    of_vat, wrong_vat = _read_vat(vat or "") if country != "MC" else ("", False)
    return of_registry or of_vat, wrong_registry or wrong_vat


def read_siret(registry):
    """Return the SIRET that a company number states (14 digits), or an empty string.

    >>> read_siret("552 100 554 00013"), read_siret("552100554"), read_siret("55210055400010")
    ('55210055400013', '', '')
    """
    digits = re.sub(r"\D", "", registry or "")
    return digits if len(digits) == 14 and siret.is_valid(digits) else ""


def _read_registry(text):
    found = [
        re.sub(r"\D", "", digits)
        for before, digits in _DIGITS.findall(text)
        if before.upper().rstrip("-") in _BEFORE
    ]
    numbers = [number for number in found if len(number) in (9, 14)]
    valid = [number for number in numbers if siren.is_valid(number) or siret.is_valid(number)]
    return (valid[0][:9] if valid else ""), bool(numbers and not valid)


def _read_vat(text):
    number = re.sub(r"[\s.\-]", "", text).upper()
    if not number.startswith("FR"):
        return "", False
    if not tva.is_valid(number):
        return "", True
    return ("" if number[4:].startswith(MONACO) else number[4:]), False

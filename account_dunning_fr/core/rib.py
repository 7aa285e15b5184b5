"""The key of a French account (clé RIB) in its IBAN, which the ISO 7064 digits do not check.

An IBAN that begins with FR, or with MC for Monaco, holds bank, branch, account and key. Banks in
overseas France use FR too: no IBAN begins with GP, RE, NC … (registry of ISO 13616).
"""

from __future__ import annotations

import re

_FRENCH = re.compile(r"(?:FR|MC)\d\d(\d{5})(\d{5})([0-9A-Z]{11})(\d\d)")
# Letters of an account count as digits: A to I and J to R are 1 to 9, S to Z are 2 to 9.
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def has_wrong_key(iban: str | None) -> bool:
    """Return whether an IBAN has the French format and its key does not match its account.

    IBANs of other countries, and anything but an IBAN, are never reported as wrong.

    >>> has_wrong_key("FR14 2004 1010 0505 0001 3M02 606")
    False
    >>> has_wrong_key("FR14 2004 1010 0505 0001 3M02 607")
    True
    >>> has_wrong_key("DE89 3704 0044 0532 0130 00")
    False
    """
    found = _FRENCH.fullmatch(re.sub(r"[\W_]", "", iban or "").upper())
    if not found:
        return False
    bank, branch, account, key = (int(part.translate(_DIGITS)) for part in found.groups())
    return not 1 <= key <= 97 or (89 * bank + 15 * branch + 3 * account + key) % 97 != 0

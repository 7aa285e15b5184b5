"""Who claims: a legal or a natural person, identified differently in a request (CPC 54 3°).

A legal person is identified by its form, its name, its registered office and its representative; a
natural person by names, profession, domicile, nationality, date and place of birth. Without these
mentions the request is void.
"""

from __future__ import annotations

import re

_NATURAL = re.compile(
    r"(?<![\w.])(?:e\.?i\.?|e\.?i\.?r\.?l\.?|entrepr\w+ individuel\w*|(?:micro|auto)[- ]?entrepr\w+"
    r"|personne physique|sole trader)(?!\w)",
    re.IGNORECASE,
)


def is_natural_person(legal_form: str | None) -> bool:
    """Whether a legal form, as typed by a user, is that of a natural person.

    >>> [is_natural_person(form) for form in ("EI", "Artisan (E.I.)", "Micro-entrepreneur")]
    [True, True, True]
    >>> [is_natural_person(form) for form in ("EURL", "SEI", "SARL", "", None)]
    [False, False, False, False, False]
    """
    return bool(_NATURAL.search(legal_form or ""))

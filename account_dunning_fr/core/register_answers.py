"""Reads the answers of « recherche-entreprises » (DINUM): who has a SIREN, and its state.

Fields read: ``results`` with ``siren``, ``nom_complet``, ``etat_administratif`` (A or C),
``nature_juridique``, ``date_creation``, ``date_fermeture``, and of ``siege`` its ``siret`` and
``adresse``. Managers and amounts are ignored: no more data than the purpose needs (GDPR art. 5).
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from .register_values import parse, read_day

ACTIVE, CEASED = "A", "C"


class Identity(NamedTuple):
    """What the register says about a SIREN.

    :param state: ``A`` for active, ``C`` for ceased
    :param form: code of INSEE's list of legal forms, such as ``5710``
    :param closed: day on which it ceased, if the register gives it
    """

    siren: str
    name: str
    state: str
    form: str
    created: date | None
    closed: date | None
    seat: str
    address: str


class NotAnswerError(ValueError):
    """The text is not an answer of the register."""


def read_identity(text: str, siren: str) -> Identity | None:
    """Return what an answer says about a SIREN; None if it does not know it.

    The service searches by words: other companies it found are never taken for this one.

    :raises NotAnswerError: it is not an answer, or it gives the SIREN without its state

    >>> answer = '{"results": [{"siren": "552100554", "etat_administratif": "C"}]}'
    >>> read_identity(answer, "552100554").state, read_identity(answer, "542107651")
    ('C', None)
    """
    content = parse(text)
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, list):
        raise NotAnswerError
    found = (each for each in results if isinstance(each, dict) and each.get("siren") == siren)
    values = next(found, None)
    if values is None:
        return None
    if values.get("etat_administratif") not in (ACTIVE, CEASED):
        raise NotAnswerError
    seat = values.get("siege")
    seat = seat if isinstance(seat, dict) else {}
    return Identity(
        siren,
        _text(values.get("nom_complet")),
        values["etat_administratif"],
        _text(values.get("nature_juridique")),
        read_day(values.get("date_creation")),
        read_day(values.get("date_fermeture")),
        _text(seat.get("siret")),
        _text(seat.get("adresse")),
    )


def _text(value: Any) -> str:
    return str(value or "").strip()

"""Reads the notices of the BODACC as published in its open data: JSON or CSV.

Fields read, by their names in the data set « annonces-commerciales » of the DILA: ``id``,
``familleavis``, ``typeavis``, ``dateparution``, ``tribunal``, ``registre`` (a list, or numbers
separated by commas, with or without spaces), ``commercant``, ``jugement`` (JSON in a text, with
``famille``, ``nature``, ``date`` and ``complementJugement``), ``listepersonnes`` (JSON in a text)
and ``parutionavisprecedent`` (the notice that this one corrects or annuls). Other fields are
ignored. Only collective proceedings are kept. Each bad line is reported, and the others are read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from .file_values import Problem, find_delimiter, plain_text
from .judgments import ANNUL, Judgment, classify, fold
from .register_values import as_dict, is_natural, notice_number, parse, read_day, read_sirens

COLLECTIVE = "collective"
REQUIRED = ("id", "registre", "dateparution")


class Notice(NamedTuple):
    """One notice of collective proceedings.

    :param number: of the notice, such as ``A202600012345``
    :param sirens: those in its « registre », usually one
    :param natural: whether it concerns a natural person
    :param judged: day of the judgment; None if the notice does not give it
    :param amends: number of the notice that it corrects or annuls, or an empty string
    :param words: nature of the judgment and what it adds, as published
    """

    line: int
    number: str
    sirens: tuple[str, ...]
    published: date
    judgment: Judgment
    judged: date | None
    court: str
    name: str
    natural: bool
    amends: str
    words: str


class Reading(NamedTuple):
    """What a file says: its notices, its bad lines, and the number of notices of other families.

    A line is bad because of its « number », « siren » or « date », or because it is « unreadable ».
    """

    notices: tuple[Notice, ...]
    problems: tuple[Problem, ...]
    others: int


class NotNoticesError(ValueError):
    """The file is not a list of notices."""


def read_notices(text: str) -> Reading:
    """Read the file of a day, a page of the online answer or one pasted notice.

    :raises NotNoticesError: it is neither the JSON nor the CSV of the data set
    """
    text = plain_text(text)
    rows = _json_rows(text) if text[:1] in ("[", "{") else _csv_rows(text)
    notices, problems, others = [], [], 0
    for line, values in rows:
        found = _read(line, values)
        if found is None:
            others += 1
        else:
            (problems if isinstance(found, Problem) else notices).append(found)
    return Reading(tuple(notices), tuple(problems), others)


def _json_rows(text: str) -> Iterator[tuple[int, Any]]:
    content = parse(text)
    if isinstance(content, dict):
        content = content.get("results", [content] if "registre" in content else None)
    if not isinstance(content, list):
        raise NotNoticesError
    yield from enumerate(content, 1)


def _csv_rows(text: str) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=find_delimiter(text))
    try:
        if not set(REQUIRED) <= set(reader.fieldnames or ()):
            raise NotNoticesError
        for values in reader:
            yield reader.line_num, values
    except csv.Error:
        yield reader.line_num, None


def _read(line: int, values: Any) -> Notice | Problem | None:
    if not isinstance(values, dict):
        return Problem(line, "unreadable", "")
    if (values.get("familleavis") or COLLECTIVE) != COLLECTIVE:
        return None
    number = str(values.get("id") or "").strip()
    if not number:
        return Problem(line, "number", "")
    register = values.get("registre") or ""
    sirens = read_sirens(register)
    if not sirens:
        told = ", ".join(map(str, register)) if isinstance(register, list) else str(register)
        return Problem(line, "siren", told)
    published = read_day(values.get("dateparution"))
    if not published:
        return Problem(line, "date", str(values.get("dateparution") or ""))
    return _notice(line, number, sirens, published, values)


def _notice(
    line: int, number: str, sirens: tuple[str, ...], published: date, values: dict
) -> Notice:
    told = as_dict(values.get("jugement"))
    family, nature = str(told.get("famille") or ""), str(told.get("nature") or "")
    judgment = classify(family, nature)
    if fold(str(values.get("typeavis") or "")) == "annulation":
        judgment = Judgment(ANNUL, judgment.kind)
    words = (nature or family, str(told.get("complementJugement") or ""))
    return Notice(
        line,
        number,
        sirens,
        published,
        judgment,
        judged=read_day(told.get("date")),
        court=str(values.get("tribunal") or "").strip(),
        name=str(values.get("commercant") or "").strip(),
        natural=is_natural(values.get("listepersonnes")),
        amends=notice_number(values.get("parutionavisprecedent")),
        words=" – ".join(part.strip() for part in words if part.strip()),
    )

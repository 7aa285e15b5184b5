"""Reads the official « référentiel communes-greffes » (open data, Licence Ouverte).

Semicolons, UTF-8, columns found by their names; leading zeros are missing in both codes; there are
many exact duplicates. One commune belongs to one registry. Every unreadable line is reported.

>>> text = "Commune;Code commune;Code postal;Greffe;Type greffe\\nL'Abergement;1001;1400;BOURG;TC"
>>> read_communes(text).rows[0]
Row(line=2, code='01001', postal_code='01400', name="L'Abergement", registry='BOURG')
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .csv_table import NotTableError
from .departments import commune_department, pad
from .file_values import Problem
from .registry_towns import normalise

COLUMNS = ("Commune", "Code commune", "Code postal", "Greffe")
# Not courts of the tables: the group itself, and territories that they do not include.
LEFT_OUT = {
    normalise(name)
    for name in (
        "Gie Infogreffe",
        "Nouvelle Calédonie",
        "PAPEETE (TGI)",
        "MATA-UTU (TGI)",
        "SAINT PIERRE (TGI)",
    )
}


class Row(NamedTuple):
    """One commune at one postal code, and its registry; `line` is its number in the file."""

    line: int
    code: str
    postal_code: str
    name: str
    registry: str


class Reading(NamedTuple):
    """What a file says: its rows, its bad lines, and the number of lines left out on purpose.

    A line is bad because of its "code", "name" or "registry", because its commune has
    "two_registries", or because it is "unreadable": nothing is read after that.
    """

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    left_out: int


def read_communes(text: str) -> Reading:
    """Read the file, whole, without writing anything.

    :raises NotTableError: a column of the expected header is absent
    """
    lines = text.removeprefix("\ufeff").replace("\0", "").splitlines()
    reader = csv.DictReader(lines, delimiter=";")
    missing = tuple(name for name in COLUMNS if name not in _header(reader))
    if missing:
        raise NotTableError(missing)
    rows: dict[tuple[str, ...], Row] = {}
    problems, left_out, registries = [], 0, {}
    for row in _rows(reader):
        if isinstance(row, Problem):
            problems.append(row)
        elif normalise(row.registry) in LEFT_OUT:
            left_out += 1
        elif problem := _problem(row, registries):
            problems.append(problem)
        else:
            registries[row.code] = row.registry
            rows.setdefault(row[1:], row)
    return Reading(tuple(rows.values()), tuple(problems), left_out)


def _header(reader: csv.DictReader) -> Sequence[str]:
    try:
        return reader.fieldnames or ()
    except csv.Error:  # a cell as long as a book
        return ()


def _rows(reader: csv.DictReader) -> Iterator[Row | Problem]:
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Problem(reader.line_num, "unreadable", "")
            return
        name, code, postal_code, registry = ((values[column] or "").strip() for column in COLUMNS)
        yield Row(reader.line_num, pad(code), pad(postal_code), name, registry)


def _problem(row: Row, registries: dict[str, str]) -> Problem | None:
    if not commune_department(row.code):
        return Problem(row.line, "code", row.code)
    if not row.name:
        return Problem(row.line, "name", row.code)
    if not row.registry:
        return Problem(row.line, "registry", row.name)
    if registries.get(row.code, row.registry) != row.registry:
        return Problem(row.line, "two_registries", row.name)
    return None

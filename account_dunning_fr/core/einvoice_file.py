"""Reads a list of e-invoice statuses as exported by a platform: CSV or JSON.

Columns, or keys, are found by their names, in English or French; the separator of a CSV file
(semicolon, comma or tab) is detected. Every unreadable line is reported, and the others are read
all the same.

>>> read_statuses("Facture;Statut;Date;Motif\\nFAC/1;210;12/11/2026;PU_ERR").rows[0].status.reason
'PU_ERR'
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .csv_table import NotTableError, name_column, read_table
from .einvoice import TREATMENTS, split_reason
from .einvoice_standing import Status
from .file_values import Problem, plain_text, read_amount, read_moment

NAMES = {
    "invoice": ("invoice", "number", "facture", "numero", "numéro", "numéro de facture"),
    "code": ("code", "status", "statut"),
    "date": ("date", "on", "le", "issued", "issue date", "date du statut"),
    "amount": ("amount", "montant"),
    "reason": ("reason", "motif"),
}
REQUIRED = ("invoice", "code", "date")
LINES = "statuses"  # the key of a JSON object that may hold the list


class Row(NamedTuple):
    """A line: its number in the file, the number of the invoice, its status, the reason's words."""

    line: int
    invoice: str
    status: Status
    words: str


class Reading(NamedTuple):
    """What a file says: its rows and its bad lines.

    A line is bad because of its « invoice », « code », « date » or « amount », or because it is
    « unreadable ».
    """

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


class NotStatusesError(NotTableError):
    """The file is not a list of statuses: `missing` names what its first line lacks."""


def read_statuses(text: str) -> Reading:
    """Read a whole file, without writing anything.

    :raises NotStatusesError: it is neither the JSON nor the CSV of statuses
    """
    text = plain_text(text)
    return read_lines(_json_lines(text) if text[:1] in ("[", "{") else _csv_lines(text))


def read_lines(lines: Iterable[tuple[int, Any]]) -> Reading:
    """Read the lines found in a file: dicts keyed by the names in ``NAMES``, each with its number.

    :param lines: anything but a dict is an unreadable line
    """
    rows, problems = [], []
    for number, values in lines:
        found = _read(number, values)
        (problems if isinstance(found, Problem) else rows).append(found)
    return Reading(tuple(rows), tuple(problems))


def _json_lines(text: str) -> Iterator[tuple[int, Any]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotStatusesError from error
    if isinstance(content, dict):
        content = content.get(LINES)
    if not isinstance(content, list):
        raise NotStatusesError((LINES,))
    for number, each in enumerate(content, 1):
        yield number, _named(each) if isinstance(each, dict) else each


def _csv_lines(text: str) -> Iterator[tuple[int, Any]]:
    try:
        yield from read_table(text, NAMES, REQUIRED)
    except NotTableError as error:
        raise NotStatusesError(error.missing) from error


def _named(values: dict) -> dict:
    return {name_column(key, NAMES): value for key, value in values.items()}


def _read(number: int, values: Any) -> Row | Problem:
    if not isinstance(values, dict):
        return Problem(number, "unreadable", "")
    told = {name: str(values.get(name) or "").strip() for name in NAMES}
    if not told["invoice"]:
        return Problem(number, "invoice", "")
    if told["code"] not in TREATMENTS:
        return Problem(number, "code", told["code"])
    moment = read_moment(told["date"])
    if not moment:
        return Problem(number, "date", told["date"])
    amount = read_amount(told["amount"])
    if amount is None:
        return Problem(number, "amount", told["amount"])
    code, words = split_reason(told["reason"])
    return Row(number, told["invoice"], Status(told["code"], *moment, amount, code), words)

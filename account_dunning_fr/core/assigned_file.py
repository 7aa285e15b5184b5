"""Reads the lists that factors and collection agencies send back, in CSV.

Two lists: the remittances of a factor (which invoices a « quittance subrogative » covers, and which
came back to us), and the monthly reports of an agency (what it received on which invoice, and its
commission). Each bad line is reported with its number; the caller decides whether the others are
applied. Invoice numbers are taken as written: whether they exist is not checked here.

>>> read_remittances("Quittance;Date;Facture\\nQ1;05/06/2026;F1").rows[0].invoice
'F1'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from .csv_table import read_table
from .file_values import Problem, read_amount, read_moment
from .money import ZERO

INVOICE = ("invoice", "number of the invoice", "facture", "numéro de facture", "n° facture")
AMOUNT = ("amount", "montant", "montant ttc")
REMITTANCE = {
    "number": ("remittance", "quittance", "remise", "numéro de quittance", "n° quittance"),
    "date": ("date", "date de cession", "date de quittance", "date de remise"),
    "invoice": INVOICE,
    "amount": AMOUNT,
    "back": ("back on", "returned on", "définancée le", "definancee le", "restituée le"),
}
RECEIPT = {
    "date": ("date", "date d’encaissement", "date d'encaissement", "encaissé le"),
    "invoice": INVOICE,
    "amount": (*AMOUNT, "montant encaissé", "received"),
    "commission": ("commission", "commission ttc", "honoraires"),
    "reference": ("reference", "référence", "n° d’opération", "n° d'opération"),
}


class Remitted(NamedTuple):
    """An invoice that a remittance covers; `amount` is zero where the file gives none."""

    line: int
    number: str
    day: date
    invoice: str
    amount: Decimal
    back: date | None


class Received(NamedTuple):
    """What an agency received on an invoice, and its commission on it."""

    line: int
    day: date
    invoice: str
    amount: Decimal
    commission: Decimal
    reference: str


class Reading(NamedTuple):
    """What a file says: its rows and its bad lines.

    A line is bad because of its « number », « invoice », « date », « amount », « commission » or
    « back », or because it appears « twice » or is « unreadable ».
    """

    rows: tuple
    problems: tuple[Problem, ...]


def read_remittances(text: str) -> Reading:
    """Read the remittances of a factor.

    :raises NotTableError: the file has no column for their number, their date or the invoice
    """
    lines = read_table(text, REMITTANCE, ("number", "date", "invoice"))
    return _read(lines, _remitted, lambda row: (row.number, row.invoice))


def read_receipts(text: str) -> Reading:
    """Read what an agency received.

    Two receipts with the same day, invoice and amount count as one, unless their references differ.

    :raises NotTableError: the file has no column for the date, the invoice, the amount or the
        commission
    """
    lines = read_table(text, RECEIPT, ("date", "invoice", "amount", "commission"))
    return _read(lines, _received, lambda row: row[1:])


def _read(lines: Iterator, read: Callable, key: Callable) -> Reading:
    rows, problems, known = [], [], set()
    for line, values in lines:
        found = read(line, values) if values else Problem(line, "unreadable", "")
        if isinstance(found, Problem):
            problems.append(found)
        elif key(found) in known:
            problems.append(Problem(line, "twice", found.invoice))
        else:
            known.add(key(found))
            rows.append(found)
    return Reading(tuple(rows), tuple(problems))


def _remitted(line: int, values: dict[str, str]) -> Remitted | Problem:
    told = {name: values.get(name, "") for name in REMITTANCE}
    for name in ("number", "invoice"):
        if not told[name]:
            return Problem(line, name, "")
    day = _day(told["date"])
    if not day:
        return Problem(line, "date", told["date"])
    amount = read_amount(told["amount"])
    if amount is None:
        return Problem(line, "amount", told["amount"])
    back = _day(told["back"])
    if told["back"] and (not back or back < day):
        return Problem(line, "back", told["back"])
    return Remitted(line, told["number"], day, told["invoice"], amount, back)


def _received(line: int, values: dict[str, str]) -> Received | Problem:
    told = {name: values.get(name, "") for name in RECEIPT}
    if not told["invoice"]:
        return Problem(line, "invoice", "")
    day = _day(told["date"])
    if not day:
        return Problem(line, "date", told["date"])
    amount, commission = read_amount(told["amount"]), read_amount(told["commission"])
    if amount is None or amount == ZERO:
        return Problem(line, "amount", told["amount"])
    if commission is None or commission > amount:
        return Problem(line, "commission", told["commission"])
    return Received(line, day, told["invoice"], amount, commission, told["reference"])


def _day(text: str) -> Any:
    moment = read_moment(text)
    return moment[0] if moment else None

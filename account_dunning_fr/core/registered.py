"""Numbers of registered letters, and lists of them pasted by a person.

A number is kept as the carrier prints it on its label, in capitals and without spaces. Carriers
choose their own numbering, so little is refused: what no carrier prints, and a wrong check digit in
an international number (UPU standard S10, such as ``RK 123 456 785 FR``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

SEPARATORS = "\t;,"
NUMBER = re.compile(r"[A-Z0-9]{8,30}")
S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
FRENCH_DATE = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")
DATE = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?/\d\d?/\d{4}")


@dataclass(frozen=True)
class Entry:
    """One line of a list: the letter, its number and, if given, its posting date."""

    line: int
    reference: str
    number: str
    posted_on: date | None


@dataclass(frozen=True)
class BadLine:
    """One line that cannot be used. `reason`: columns, number, check_digit, date or repeated."""

    line: int
    text: str
    reason: str


def normalize_number(text: str) -> str:
    """Return a number as it is kept.

    :raises ValueError: ``number`` for what no label shows, ``check_digit`` for a typing error

    >>> normalize_number("1a 195-123.4567 8")
    '1A19512345678'
    >>> normalize_number("RK 123 456 784 FR")
    Traceback (most recent call last):
    ValueError: check_digit
    """
    number = re.sub(r"[\s.\-]", "", text).upper()
    if not NUMBER.fullmatch(number) or not any(map(str.isdigit, number)):
        raise ValueError("number")
    if (match := S10.fullmatch(number)) and _s10_digit(match[1]) != int(match[2]):
        raise ValueError("check_digit")
    return number


def _s10_digit(serial: str) -> int:
    """Return the check digit of the eight digits of an international number.

    >>> _s10_digit("47312482")
    9
    """
    total = sum(weight * int(digit) for weight, digit in zip(S10_WEIGHTS, serial, strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


def parse_entries(text: str) -> tuple[list[Entry], list[BadLine]]:
    """Read a pasted list or a CSV: a letter's reference, its number, perhaps its posting date.

    Columns are separated by tabs, semicolons, commas or, failing these, spaces. A first line
    without any digit is a header. Blank lines are skipped; a repeated reference or number is bad,
    and its first line is kept.

    >>> entries, bad = parse_entries("REL/1;1A 195 123 4567 8;20/11/2026\\nREL/2;?")
    >>> entries[0].number, entries[0].posted_on, bad[0].line, bad[0].reason
    ('1A19512345678', datetime.date(2026, 11, 20), 2, 'number')
    """
    entries: list[Entry] = []
    bad: list[BadLine] = []
    seen: set[str] = set()
    for line, content in _lines(text):
        try:
            entry = _parse_line(line, content)
            names = {entry.reference.upper(), entry.number}
            if seen & names:
                raise ValueError("repeated")
        except ValueError as error:
            bad.append(BadLine(line, content, str(error)))
            continue
        seen |= names
        entries.append(entry)
    return entries, bad


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their number in the text."""
    text = text.replace("\0", "")  # databases do not store it
    lines = [(index, line.strip()) for index, line in enumerate(text.splitlines(), 1)]
    lines = [(index, line) for index, line in lines if line]
    if lines and not any(map(str.isdigit, lines[0][1])):
        lines.pop(0)
    yield from lines


def _parse_line(line: int, content: str) -> Entry:
    cells = _split(content)
    if not 2 <= len(cells) <= 3 or not cells[0]:
        raise ValueError("columns")
    posted_on = _parse_date(cells[2]) if len(cells) == 3 and cells[2] else None
    return Entry(line, cells[0], normalize_number(cells[1]), posted_on)


def _split(content: str) -> list[str]:
    """Return the cells of a line; when separated by spaces, only a date ends the number.

    >>> _split("REL/1 1A 195 123 2026-11-20"), _split('"REL/1";"1A 195"')
    (['REL/1', '1A 195 123', '2026-11-20'], ['REL/1', '1A 195'])
    """
    separator = next((mark for mark in SEPARATORS if mark in content), None)
    if separator:
        try:
            cells = next(csv.reader([content], delimiter=separator))
        except csv.Error:  # a cell as long as a book
            raise ValueError("columns") from None
        return [cell.strip() for cell in cells]
    reference, *words = content.split()
    dates = [words.pop()] if words and DATE.fullmatch(words[-1]) else []
    return [reference, *filter(None, [" ".join(words)]), *dates]


def _parse_date(text: str) -> date:
    french = FRENCH_DATE.fullmatch(text)
    try:
        year, month, day = map(int, french.groups()[::-1] if french else text.split("-"))
        return date(year, month, day)
    except ValueError:
        raise ValueError("date") from None

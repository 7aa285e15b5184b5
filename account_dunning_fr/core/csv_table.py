"""A CSV as other programs write it: columns found by their names, each line with its number.

The separator (semicolon, comma or tab) is detected, and columns may come in any order.

>>> list(read_table("Date;Nº\\n1/2;A", {"day": ("date",), "number": ("nº",)}, ("day",)))
[(2, {'day': '1/2', 'number': 'A'})]
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .file_values import find_delimiter, plain_text

Names = Mapping[str, tuple[str, ...]]


class NotTableError(ValueError):
    """The file is not such a table: `missing` names the columns absent from its first line."""

    def __init__(self, missing: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def name_column(cell: Any, names: Names) -> str:
    """Return what a column or a key stands for, or an empty string.

    >>> name_column(" Date_du statut ", {"date": ("date du statut",)})
    'date'
    """
    wanted = " ".join(str(cell).lower().replace("_", " ").split())
    return next((name for name, known in names.items() if wanted in known), "")


def read_table(
    text: str, names: Names, required: Iterable[str]
) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Yield the lines that are not empty, each with its number; None for an unreadable line.

    :param names: the columns, each with its possible names in lower case
    :param required: the columns that the file must have
    :raises NotTableError: one of them is missing
    """
    text = plain_text(text)
    reader = csv.reader(text.splitlines(), delimiter=find_delimiter(text))
    try:
        header = [name_column(cell, names) for cell in next(reader, [])]
        missing = tuple(name for name in required if name not in header)
        if missing:
            raise NotTableError(missing)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                values = zip(header, (cell.strip() for cell in cells), strict=False)
                yield reader.line_num, dict(values)
    except csv.Error:
        yield reader.line_num, None

"""Splits the rows of a table into pages, so that each page has its own heading.

Not every PDF engine repeats the heading when it breaks a table; one table per page avoids this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Row = TypeVar("Row")


def split_pages(
    rows: Sequence[Row], room: int, size: Callable[[Row], int] = lambda _row: 1
) -> list[list[Row]]:
    """Return the rows of each page, in order; no page without rows.

    :param room: lines of text on a page, at least 1
    :param size: lines that a row takes; a row larger than a page gets its own page
    :raises ValueError: room of less than 1

    >>> split_pages("abcde", 2)
    [['a', 'b'], ['c', 'd'], ['e']]
    >>> split_pages([1, 2, 1, 5], 3, size=lambda row: row)
    [[1, 2], [1], [5]]
    """
    if room < 1:
        raise ValueError(f"a page needs room for one line at least: {room}")
    pages: list[list[Row]] = []
    left = 0
    for row in rows:
        lines = size(row)
        if not pages or lines > left:
            pages.append([])
            left = room
        pages[-1].append(row)
        left -= lines
    return pages

"""Plain tables of tens of thousands of rows, as a PDF.

They are drawn line by line: a page made from HTML would take minutes and gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfgen.canvas import Canvas

PAGE = landscape(A4)
MARGIN = 36  # points
LINE = 11
SIZE = 7.5
ROWS = 42  # on a page, below its headings
FONT, BOLD = "Helvetica", "Helvetica-Bold"
ENCODING = "cp1252"  # of the fonts available in every PDF reader
UNUSED = b"\x81\x8d\x8f\x90\x9d"  # bytes without a character in it
SPACES = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0"})
# Characters that end a text in a PDF, or are not ASCII, as the number of their byte. Searching for
# an ordinary space also finds a no-break space.
ESCAPED = {
    ord(bytes([code]).decode(ENCODING)): f"\\{code:03o}"
    for code in (*range(0x20), *b"()\\", *range(0x80, 0x100))
    if code not in UNUSED
} | {0xA0: " "}


class Column(NamedTuple):
    """A column: its title, its share of the width, and whether it contains figures."""

    title: str
    share: float
    figures: bool = False


class Table(NamedTuple):
    """A table: its columns, its rows of texts, and the rows of its totals."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    totals: Sequence[Sequence[str]] = ()


def draw_tables(
    title: str, subtitle: str, page_label: str, tables: Iterable[Table], language: str = ""
) -> bytes:
    """Return a PDF of tables, each starting on a new page.

    :param title: at the top of every page
    :param subtitle: below the title
    :param page_label: with ``{page}`` and ``{pages}``, at the bottom of every page
    :param language: for example ``fr-FR``

    >>> table = Table([Column("Invoice", 1), Column("Due", 1, True)], [("A", "1")] * 100)
    >>> draw_tables("Items", "", "{page}/{pages}", [table]).startswith(b"%PDF-")
    True
    """
    tables = [table for table in tables if table.rows]
    pages = [page for table in tables for page in _split(table)]
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=PAGE, pageCompression=1, lang=language or None)
    canvas.setTitle(title)
    for number, (table, rows, totals) in enumerate(pages, 1):
        foot = page_label.format(page=number, pages=len(pages))
        _draw_page(canvas, (title, subtitle, foot), table.columns, rows, totals)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _split(table):
    chunks = [table.rows[start : start + ROWS] for start in range(0, len(table.rows), ROWS)]
    for chunk in chunks[:-1]:
        yield table, chunk, ()
    yield table, chunks[-1], table.totals


def _draw_page(canvas, texts, columns, rows, totals):
    title, subtitle, foot = map(_plain, texts)
    width, height = PAGE
    top = height - MARGIN - 3 * LINE - 2
    edges = _get_edges(columns)
    canvas.setFont(BOLD, 11)
    canvas.drawString(MARGIN, height - MARGIN, title)
    canvas.setFont(FONT, SIZE)
    canvas.drawString(MARGIN, height - MARGIN - LINE - 2, subtitle)
    canvas.drawString(width - MARGIN - _measure(foot, FONT), MARGIN - LINE, foot)
    above, below = _split_headings(edges, columns)
    _write_rows(canvas, edges, [above], top + LINE - 2, BOLD)
    _write_rows(canvas, edges, [below], top, BOLD)
    canvas.line(MARGIN, top - 3, width - MARGIN, top - 3)
    y = _write_rows(canvas, edges, rows, top - LINE - 2, FONT)
    if totals:
        canvas.line(MARGIN, y + LINE - 3, width - MARGIN, y + LINE - 3)
        _write_rows(canvas, edges, totals, y, BOLD)


def _get_edges(columns):
    """Return ``(left, right, figures)`` of each column, in points."""
    whole, left, edges = sum(column.share for column in columns), MARGIN, []
    for column in columns:
        right = left + column.share / whole * (PAGE[0] - 2 * MARGIN)
        edges.append((left, right - 4, column.figures))
        left = right
    return edges


def _split_headings(edges, columns):
    """Return the titles of the columns as two rows; the upper one only for long titles."""
    above, below = [], []
    for (left, right, _figures), column in zip(edges, columns, strict=True):
        first, *others = simpleSplit(_plain(column.title), BOLD, SIZE, right - left) or [""]
        above.append(first if others else "")
        below.append(" ".join(others) or first)
    return above, below


def _write_rows(canvas, edges, rows, y, font):
    """Write rows from a height downwards, and return the height of the next one.

    Directly in PDF operators: reportlab's text objects take five times as long, cell by cell.
    """
    drawn = []
    for row in rows:
        for (left, right, figures), cell in zip(edges, row, strict=True):
            words, width = _set(cell, right - left, font)
            if words:
                x = right - width if figures else left
                drawn.append(f"1 0 0 1 {x:.3f} {y:.3f} Tm ({words}) Tj T*")
        y -= LINE
    canvas.setFont(font, SIZE)  # outside the text objects: it applies to all that follow
    canvas.addLiteral("\n".join(["BT", *drawn, "ET"]))
    return y


@lru_cache(maxsize=4096, typed=True)  # most days and amounts of a long list are repeated
def _set(cell, room, font):
    """Return the content of a cell as PDF text, and its width in points."""
    words, width = _fit(_plain(cell), room, font)
    return words.translate(ESCAPED), width


def _plain(text):
    """Return a text with only characters that the fonts have."""
    text = str(text)
    if text.isascii():
        return text
    return text.translate(SPACES).encode(ENCODING, "replace").decode(ENCODING)


def _fit(text, width, font):
    """Cut a text that would run into the next column.

    :return: the text, and its width in points
    """
    taken = _measure(text, font)
    if taken <= width:
        return text, taken
    while text and _measure(text + "…", font) > width:
        text = text[:-1]
    return text + "…", _measure(text + "…", font)


def _measure(text, font):
    """Return the width of a text in points, as ``stringWidth`` does for any font.

    :param str text: as returned by ``_plain``
    """
    return sum(map(getFont(font).widths.__getitem__, text.encode(ENCODING))) * SIZE * 0.001

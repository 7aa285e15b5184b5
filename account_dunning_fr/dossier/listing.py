"""Plain tables by the ten thousand rows, as a PDF: drawn line by line, since a page made from HTML
would take minutes and gigabytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
ROWS = 42  # rows on a page, below its headings
FONT, BOLD = "Helvetica", "Helvetica-Bold"
ENCODING = "cp1252"  # of the fonts that every reader of PDF has
SPACES = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0"})


class Column(NamedTuple):
    """A column: what stands above it, its share of the width, and whether it holds figures."""

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
    """Return a PDF of tables, each of which starts on a new page.

    :param title: above every page
    :param subtitle: below the title
    :param page_label: with ``{page}`` and ``{pages}``, at the foot of every page
    :param language: as in ``fr-FR``

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
    text = canvas.beginText()
    text.setFont(BOLD, 11)
    _write(text, MARGIN, height - MARGIN, title)
    text.setFont(FONT, SIZE)
    _write(text, MARGIN, height - MARGIN - LINE - 2, subtitle)
    _write(text, width - MARGIN - _measure(foot, FONT), MARGIN - LINE, foot)
    text.setFont(BOLD, SIZE)
    _write_headings(text, edges, columns, top)
    canvas.line(MARGIN, top - 3, width - MARGIN, top - 3)
    text.setFont(FONT, SIZE)
    y = top - LINE - 2
    for row in rows:
        _write_row(text, edges, row, y, FONT)
        y -= LINE
    if totals:
        canvas.line(MARGIN, y + LINE - 3, width - MARGIN, y + LINE - 3)
        text.setFont(BOLD, SIZE)
        for row in totals:
            _write_row(text, edges, row, y, BOLD)
            y -= LINE
    canvas.drawText(text)


def _get_edges(columns):
    """Return ``(left, right, figures)`` of each column, in points."""
    whole, left, edges = sum(column.share for column in columns), MARGIN, []
    for column in columns:
        right = left + column.share / whole * (PAGE[0] - 2 * MARGIN)
        edges.append((left, right - 4, column.figures))
        left = right
    return edges


def _write_headings(text, edges, columns, bottom):
    """Write the titles of the columns; a long one takes a second line, above."""
    above, below = [], []
    for (left, right, _figures), column in zip(edges, columns, strict=True):
        first, *others = simpleSplit(_plain(column.title), BOLD, SIZE, right - left) or [""]
        above.append(first if others else "")
        below.append(" ".join(others) or first)
    _write_row(text, edges, above, bottom + LINE - 2, BOLD)
    _write_row(text, edges, below, bottom, BOLD)


def _write_row(text, edges, cells, y, font):
    for (left, right, figures), cell in zip(edges, cells, strict=True):
        if words := _plain(cell):
            words, width = _fit(words, right - left, font)
            _write(text, right - width if figures else left, y, words)


def _write(text, x, y, words):
    """Write at a place of the page: one text object for all of it, not one for each cell."""
    text.setTextOrigin(x, y)
    text.textLine(words)


def _plain(text):
    """Return a text in the letters that the fonts have."""
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

    :param str text: as ``_plain`` returns it
    """
    return sum(map(getFont(font).widths.__getitem__, text.encode(ENCODING))) * SIZE * 0.001

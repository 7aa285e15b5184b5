"""Plain tables by the ten thousand rows, as a PDF: drawn line by line, since a page made from HTML
would take minutes and gigabytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
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
    canvas.setFont(BOLD, 11)
    canvas.drawString(MARGIN, height - MARGIN, title)
    canvas.setFont(FONT, SIZE)
    canvas.drawString(MARGIN, height - MARGIN - LINE - 2, subtitle)
    canvas.drawRightString(width - MARGIN, MARGIN - LINE, foot)
    top = height - MARGIN - 3 * LINE - 2
    edges = _get_edges(columns)
    canvas.setFont(BOLD, SIZE)
    _draw_headings(canvas, edges, columns, top)
    canvas.line(MARGIN, top - 3, width - MARGIN, top - 3)
    canvas.setFont(FONT, SIZE)
    y = top - LINE - 2
    for row in rows:
        _draw_row(canvas, edges, row, y, FONT)
        y -= LINE
    if totals:
        canvas.line(MARGIN, y + LINE - 3, width - MARGIN, y + LINE - 3)
        canvas.setFont(BOLD, SIZE)
        for row in totals:
            _draw_row(canvas, edges, row, y, BOLD)
            y -= LINE


def _get_edges(columns):
    """Return ``(left, right, figures)`` of each column, in points."""
    whole, left, edges = sum(column.share for column in columns), MARGIN, []
    for column in columns:
        right = left + column.share / whole * (PAGE[0] - 2 * MARGIN)
        edges.append((left, right - 4, column.figures))
        left = right
    return edges


def _draw_headings(canvas, edges, columns, bottom):
    """Write the titles of the columns; a long one takes a second line, above."""
    above, below = [], []
    for (left, right, _figures), column in zip(edges, columns, strict=True):
        first, *others = simpleSplit(_plain(column.title), BOLD, SIZE, right - left) or [""]
        above.append(first if others else "")
        below.append(" ".join(others) or first)
    _draw_row(canvas, edges, above, bottom + LINE - 2, BOLD)
    _draw_row(canvas, edges, below, bottom, BOLD)


def _draw_row(canvas, edges, cells, y, font):
    for (left, right, figures), cell in zip(edges, cells, strict=True):
        text = _fit(_plain(cell), right - left, font)
        if figures:
            canvas.drawRightString(right, y, text)
        else:
            canvas.drawString(left, y, text)


def _plain(text):
    """Return a text in the letters that the fonts have."""
    return str(text).translate(SPACES).encode(ENCODING, "replace").decode(ENCODING)


def _fit(text, width, font):
    """Cut a text that would run into the next column."""
    if len(text) * SIZE < width or stringWidth(text, font, SIZE) <= width:
        return text
    while text and stringWidth(text + "…", font, SIZE) > width:
        text = text[:-1]
    return text + "…"

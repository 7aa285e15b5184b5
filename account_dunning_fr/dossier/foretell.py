"""How many sheets a statement will fill, before it is printed: a guess, from what it contains.

The documents that list the statements state their pages. They are rendered with this guess, all are
printed together, and what proves otherwise is printed again: the guess decides how long it takes,
never what is printed.
"""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

# Heights in millimetres, measured on what wkhtmltopdf prints on A4.
SHEET, HEAD = 264.0, 50.0
HEIGHTS = {"<tr": 5.45, "dn_subject": 6.8, "dn_small": 5.6, "word-break": 6.0}
BLOCK = '<div class="dc_block">'  # no sheet cuts it
ROW = HEIGHTS["<tr"]


def guess_sheets(page: str) -> int:
    """Return how many sheets a rendered page will probably fill.

    >>> guess_sheets("<table>" + "<tr/>" * 10 + "</table>"), guess_sheets("<tr/>" * 100)
    (1, 3)
    >>> guess_sheets(f'<div class="dc_block">{"<tr/>" * 7}</div>' * 12)
    3
    """
    first, *blocks = page.rpartition("</style>")[2].split(BLOCK)
    sheets, filled = _fill(1, HEAD, _measure(first), cut=True)
    for block in blocks:
        sheets, filled = _fill(sheets, filled, _measure(block), cut=False)
    return sheets


def _measure(text: str) -> float:
    return sum(text.count(mark) * height for mark, height in HEIGHTS.items())


def _fill(sheets: int, filled: float, height: float, *, cut: bool) -> tuple[int, float]:
    """Add something of this height; what may be cut goes on under a heading of its own."""
    if not cut and filled + height > SHEET:
        sheets, filled = sheets + 1, 0.0
    while filled + height > SHEET:
        height -= SHEET - filled - ROW
        sheets, filled = sheets + 1, 0.0
    return sheets, filled + height


def blank_pages(count: int) -> bytes:
    """Return a PDF of blank pages, which stands for a document until it is printed.

    >>> blank_pages(2)[:5]
    b'%PDF-'
    """
    stream = BytesIO()
    canvas = Canvas(stream, invariant=1)
    for _page in range(count):
        canvas.showPage()
    canvas.save()
    return stream.getvalue()

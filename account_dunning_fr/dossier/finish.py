"""What a printed document receives before it is sent: title, language, page numbers.

With pikepdf: letters printed together are cut apart here by the hundred, and pypdf takes five times
as long to copy a page (``docs/decisions/letters-cut-by-pikepdf.md``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from inspect import signature
from io import BytesIO

from pikepdf import Dictionary, Name, ObjectStreamMode, Page, Pdf
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from .fonts import get_page_font, in_letters_of
from .pages import PRODUCER

HEIGHT = 24  # points from the edge of the page: a court file has its page numbers below
SIZE = 8
LONGEST = 0.8  # of the width of the page
LAID = Name.DnLaid
# The identifier of a file is computed from its content, not from the clock: the same pages give the
# same bytes. pikepdf 6.0 (Debian 12) does not support this, and gives all files the same
# identifier.
_BY_CONTENT = "deterministic_id" in signature(Pdf.save).parameters
IDENTIFIED = "deterministic_id" if _BY_CONTENT else "static_id"


def finish(document: bytes | Pdf, title: str, language: str, foot: str = "") -> bytes:
    """Return a PDF with its title and language, and a footer if it has several pages.

    :param document: a PDF, or a part from ``cut_at_empty_sheets`` that is not written yet
    :param language: for example ``fr-FR``
    :param foot: footer of each page of a document with several, with ``{page}`` and ``{pages}``;
        the sender and the reference, so that a lost sheet can be matched with its letter
    """
    pdf = Pdf.open(BytesIO(document)) if isinstance(document, bytes) else document
    count = len(pdf.pages)
    if foot and count > 1:
        feet = [foot.format(page=number, pages=count) for number in range(1, count + 1)]
        _lay(pdf, feet)
    pdf.Root.Lang = language
    return _write(pdf, title)


def timeless(content: bytes, title: str) -> bytes:
    """Return a PDF without its creation time, under a title of its own."""
    with Pdf.open(BytesIO(content)) as pdf:
        pdf.trailer["/Info"] = pdf.make_indirect(Dictionary())
        if "/ID" in pdf.trailer:  # otherwise half of it is kept
            del pdf.trailer["/ID"]
        return _write(pdf, title)


def _write(pdf: Pdf, title: str) -> bytes:
    pdf.docinfo["/Title"] = title
    pdf.docinfo["/Producer"] = PRODUCER
    stream = BytesIO()
    pdf.save(
        stream,
        min_version="1.4",
        object_stream_mode=ObjectStreamMode.disable,
        **{IDENTIFIED: True},
    )
    return stream.getvalue()


def cut_at_empty_sheets(content: bytes) -> list[Pdf]:
    """Cut a PDF at its sheets without any text, which are removed.

    :param content: the PDF
    :return: its parts; none if two empty sheets follow each other
    """
    whole = Pdf.open(BytesIO(content))  # its pages do not keep it alive
    groups = _split_at_empty_sheets(whole)
    return [_copy(group) for group in groups] if all(groups) else []


def count_between_empty_sheets(content: bytes) -> list[int]:
    """Return how many pages of a PDF are before, between and after its empty sheets."""
    with Pdf.open(BytesIO(content)) as pdf:
        return [len(group) for group in _split_at_empty_sheets(pdf)]


def _split_at_empty_sheets(pdf: Pdf) -> list[list[Page]]:
    groups = [[]]
    for page in pdf.pages:
        if page.resources.get("/Font"):
            groups[-1].append(page)
        else:
            groups.append([])
    return groups


def _copy(pages: Sequence[Page]) -> Pdf:
    pdf = Pdf.new()
    pdf.pages.extend(pages)
    return pdf


def _lay(pdf: Pdf, feet: Sequence[str]) -> None:
    """Lay a footer over each page, whose own content is wrapped in its own graphics state."""
    drawn = _draw(feet, [_get_size(page) for page in pdf.pages])
    for page, foot in zip(pdf.pages, drawn.pages, strict=True):
        form = pdf.copy_foreign(drawn.make_indirect(foot.as_form_xobject()))
        page.add_resource(form, Name.XObject, LAID)
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"Q\n{LAID} Do\n".encode())


def _get_size(page: Page) -> tuple[float, float]:
    left, bottom, right, top = map(float, page.mediabox)
    return right - left, top - bottom


def _draw(feet: Sequence[str], sizes: Sequence[tuple[float, float]]) -> Pdf:
    """Return a transparent page with each footer, of the size of the page it is laid on."""
    stream, font = BytesIO(), get_page_font()
    canvas = Canvas(stream, invariant=1, initialFontName=font)
    for foot, (width, height) in zip(feet, sizes, strict=True):
        canvas.setPageSize((width, height))
        text = _fit(in_letters_of(foot, font), font, LONGEST * width)
        wide = stringWidth(text, font, SIZE)
        canvas.setFillGray(1)
        canvas.rect(width / 2 - wide / 2 - 3, HEIGHT - 5, wide + 6, SIZE + 4, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.setFont(font, SIZE)
        canvas.drawCentredString(width / 2, HEIGHT - 2, text)
        canvas.showPage()
    canvas.save()
    return Pdf.open(stream)


def _fit(text: str, font: str, width: float) -> str:
    """Shorten the text before its last part, the page number, until it fits."""
    named, dash, page = text.rpartition(" – ")

    def shortened(letters: int) -> str:
        return f"{named[:letters]}…{dash}{page}"

    if not named or stringWidth(text, font, SIZE) <= width:
        return text
    # By bisection: a name of ten thousand letters would otherwise be measured as many times, on
    # each page.
    kept = bisect_right(
        range(1, len(named)), width, key=lambda letters: stringWidth(shortened(letters), font, SIZE)
    )
    return shortened(kept) if kept else text

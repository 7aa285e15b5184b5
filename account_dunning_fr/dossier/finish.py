"""What a printed document is given before it leaves: its title, its language, its page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from .fonts import get_page_font, in_letters_of
from .merge import Stamper
from .pages import PRODUCER

HEIGHT = 24  # points from the edge of the page: a court file numbers its pages below
SIZE = 8
LONGEST = 0.8  # of the width of the page


def finish(
    document: bytes | Sequence[PageObject], title: str, language: str, foot: str = ""
) -> bytes:
    """Return a PDF with its title and language, and a foot on the pages of a longer one.

    :param document: a PDF, or pages of a longer one: written once, not cut and then copied
    :param language: as in ``fr-FR``
    :param foot: what stands at the bottom of each page where there are several, with ``{page}``
        and ``{pages}``; the sender and the reference, so that a lost sheet finds its letter
    """
    writer = _open(document)
    count = len(writer.pages)
    if foot and count > 1:
        feet = [foot.format(page=number, pages=count) for number in range(1, count + 1)]
        stamper = Stamper(writer)
        for page, drawn in zip(writer.pages, _draw(feet, writer.pages), strict=True):
            stamper.lay(page, drawn)
    writer.add_metadata({"/Title": title, "/Producer": PRODUCER})
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _open(document: bytes | Sequence[PageObject]) -> PdfWriter:
    if isinstance(document, bytes):
        return PdfWriter(clone_from=PdfReader(BytesIO(document)))
    writer = PdfWriter()
    for page in document:
        writer.add_page(page)
    return writer


def _draw(feet: Sequence[str], pages: Sequence[PageObject]) -> Sequence[PageObject]:
    """Return a transparent page with each foot, of the size of the page that it is laid on."""
    stream, font = BytesIO(), get_page_font()
    canvas = Canvas(stream, invariant=1, initialFontName=font)
    for foot, page in zip(feet, pages, strict=True):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
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
    return PdfReader(stream).pages


def _fit(text: str, font: str, width: float) -> str:
    """Shorten what stands before the last part, the number of the page, until the text fits."""
    named, dash, page = text.rpartition(" – ")
    while named and stringWidth(f"{named}…{dash}{page}", font, SIZE) > width:
        named = named[:-1]
        if stringWidth(f"{named}…{dash}{page}", font, SIZE) <= width:
            return f"{named}…{dash}{page}"
    return text

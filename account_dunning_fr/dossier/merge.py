"""The whole file as one PDF: bookmarks, « Pièce n° » at the top of each page, page numbers.

A page is stamped by a small stream after its own, drawn in a standard font: the pages are not drawn
again, so a hundred invoices take seconds and stay as they were sent. One that leaves a graphics
state open is drawn as one object, so that its label stands where it should.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pypdf import PageObject, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject
from reportlab.pdfbase.pdfmetrics import stringWidth

from . import mending
from .fonts import STANDARD, in_letters_of
from .pages import text_page, write
from .reading import UNREADABLE, open_pdf

FONT, BOLD = "Helvetica", "Helvetica-Bold"
FONT_NAMES = {FONT: "/DnStamp", BOLD: "/DnStampBold"}
PAGE_NAME = "/DnPage"
LABEL_SIZE, FOOT_SIZE = 9, 8
EDGE = 14  # points from the edge of the page


@dataclass(frozen=True, slots=True)
class Part:
    """One document of the whole: its bookmark, the label of its pages ("" for none), its PDF."""

    title: str
    label: str
    pdf: bytes


def merge(
    parts: Iterable[Part],
    title: str,
    foot: str,
    stand_in: Callable[[Part], bytes] | None = None,
) -> tuple[bytes, list[int]]:
    """Return the parts as one PDF, and the number of the first page of each.

    A part that cannot be copied never stops the others: a page stands for it.

    :param title: title of the whole
    :param foot: what stands at the bottom of each page, with ``{page}`` and ``{pages}``
    :param stand_in: makes the PDF that stands for a part; by default a page with its title
    """
    parts = list(parts)
    stand_in = stand_in or (lambda part: text_page(part.title, []))
    try:
        return _merge(parts, title, foot)
    except UNREADABLE:
        sound = [part if _is_sound(part) else replace(part, pdf=stand_in(part)) for part in parts]
        return _merge(sound, title, foot)


def _is_sound(part: Part) -> bool:
    try:
        _merge([part], part.title, "")
    except UNREADABLE:
        return False
    return True


def _merge(parts: list[Part], title: str, foot: str) -> tuple[bytes, list[int]]:
    writer = PdfWriter()
    labels, first_pages = [], []
    for part in parts:
        first = len(writer.pages)
        reader = open_pdf(part.pdf)
        if reader is None or not reader.pages:
            raise ValueError("a part that has no page, or asks for a password")
        writer.append(mending.mend(reader), import_outline=False)
        count = len(writer.pages) - first
        writer.add_outline_item(title=part.title, page_number=first)
        first_pages.append(first + 1)
        labels += [part.label] * count
    stamper = Stamper(writer)
    for number, (page, label) in enumerate(zip(writer.pages, labels, strict=True), 1):
        stamper.stamp(page, label, foot.format(page=number, pages=len(labels)))
    whole = write(writer, title)
    # A writer refers to itself: it and its copy of every page would stay for a while.
    del writer, stamper
    gc.collect()
    return whole, first_pages


class Stamper:
    """Adds a label and a foot to pages of one writer."""

    def __init__(self, writer: PdfWriter) -> None:
        self._writer = writer
        self._fonts = {name: writer._add_object(_font(base)) for base, name in FONT_NAMES.items()}
        self._save = writer._add_object(_stream(b"q\n"))

    def stamp(self, page: PageObject, label: str, foot: str) -> None:
        """Stamp one page; its own content is closed in a graphics state of its own."""
        streams = self._enclose(page)
        fonts = page["/Resources"]["/Font"]
        for name, reference in self._fonts.items():
            fonts[NameObject(name)] = reference
        drawn = self._writer._add_object(_stream(b"Q\n" + _drawing(page, label, foot)))
        page[NameObject("/Contents")] = ArrayObject([self._save, *streams, drawn])

    def _enclose(self, page: PageObject) -> list:
        """Return the streams of a page, which leave no graphics state open behind them."""
        mending.set_resources(page)
        streams = mending.contents(page)
        return streams if mending.is_balanced(streams) else self._draw_apart(page, streams)

    def _draw_apart(self, page: PageObject, streams: list) -> list:
        """Return what draws the content of a page as one object, named in resources of its own."""
        drawing = mending.as_one_object(self._writer, page, streams)
        if drawing is None:
            return streams
        own = DictionaryObject(
            {
                NameObject("/XObject"): DictionaryObject({NameObject(PAGE_NAME): drawing}),
                NameObject("/Font"): DictionaryObject(),
            }
        )
        page[NameObject("/Resources")] = own
        return [self._writer._add_object(_stream(f"{PAGE_NAME} Do\n".encode()))]


def _drawing(page: PageObject, label: str, foot: str) -> bytes:
    matrix, width, height = _visible(page)
    commands = [f"q {matrix} cm"]
    if label:
        wide = stringWidth(label, BOLD, LABEL_SIZE)
        left, bottom = width - EDGE - wide - 8, height - EDGE - LABEL_SIZE - 6
        commands.append(
            f"1 g 0 G 0.6 w {left:.2f} {bottom:.2f} {wide + 8:.2f} {LABEL_SIZE + 6} re B"
        )
        commands.append(_text(BOLD, LABEL_SIZE, left + 4, bottom + 4.5, label))
    if foot:
        wide = stringWidth(foot, FONT, FOOT_SIZE)
        left, bottom = (width - wide) / 2, EDGE
        commands.append(f"1 g {left - 3:.2f} {bottom - 5:.2f} {wide + 6:.2f} {FOOT_SIZE + 4} re f")
        commands.append(_text(FONT, FOOT_SIZE, left, bottom - 2, foot))
    return "\n".join([*commands, "Q\n"]).encode("cp1252", "replace")


def _text(font: str, size: int, x: float, y: float, text: str) -> str:
    escaped = (
        in_letters_of(text, STANDARD).replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    )
    return f"BT 0 g {FONT_NAMES[font]} {size} Tf {x:.2f} {y:.2f} Td ({escaped}) Tj ET"


def _visible(page: PageObject) -> tuple[str, float, float]:
    """The matrix from the page as it is seen to its own space, and its size as it is seen."""
    x0, y0, x1, y1 = mending.visible_box(page)
    width, height = x1 - x0, y1 - y0
    angle = mending.turned(page)
    matrices = {
        0: f"1 0 0 1 {x0:.2f} {y0:.2f}",
        90: f"0 1 -1 0 {x1:.2f} {y0:.2f}",
        180: f"-1 0 0 -1 {x1:.2f} {y1:.2f}",
        270: f"0 -1 1 0 {x0:.2f} {y1:.2f}",
    }
    seen = (height, width) if angle in (90, 270) else (width, height)
    return matrices[angle], *seen


def _font(base: str) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject(f"/{base}"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )


def _stream(data: bytes) -> StreamObject:
    stream = StreamObject()
    stream.set_data(data)
    return stream

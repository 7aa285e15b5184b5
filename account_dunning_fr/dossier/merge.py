"""The whole file as one PDF: bookmarks, « Pièce n° » at the top of each page, page numbers.

A page is stamped by a small stream after its own, drawn in a standard font: the pages are neither
parsed nor drawn again, so a hundred invoices take seconds and stay as they were sent.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import dataclass

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    StreamObject,
)
from reportlab.pdfbase.pdfmetrics import stringWidth

from .pages import open_pdf, write

FONT, BOLD = "Helvetica", "Helvetica-Bold"
FONT_NAMES = {FONT: "/DnStamp", BOLD: "/DnStampBold"}
LABEL_SIZE, FOOT_SIZE = 9, 8
EDGE = 14  # points from the edge of the page


@dataclass(frozen=True, slots=True)
class Part:
    """One document of the whole: its bookmark, the label of its pages ("" for none), its PDF."""

    title: str
    label: str
    pdf: bytes


def merge(parts: Iterable[Part], title: str, foot: str) -> tuple[bytes, list[int]]:
    """Return the parts as one PDF, and the number of the first page of each.

    :param title: title of the whole
    :param foot: what stands at the bottom of each page, with ``{page}`` and ``{pages}``
    """
    writer = PdfWriter()
    labels, first_pages = [], []
    for part in parts:
        first = len(writer.pages)
        writer.append(open_pdf(part.pdf), import_outline=False)
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

    def stamp(self, page: PageObject, label: str, foot: str, raised: int = 0) -> None:
        """Stamp one page; its own content is closed in a graphics state of its own.

        :param raised: points by which the foot stands higher, above that of a whole file
        """
        resources = page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
        fonts = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
        for name, reference in self._fonts.items():
            fonts[NameObject(name)] = reference
        drawn = self._writer._add_object(_stream(b"Q\n" + _drawing(page, label, foot, raised)))
        page[NameObject("/Contents")] = ArrayObject([self._save, *_contents(page), drawn])


def _contents(page: PageObject) -> list:
    """The content streams of a page, as references."""
    raw = page.raw_get("/Contents") if "/Contents" in page else None
    if raw is None:
        return []
    content = raw.get_object()
    if isinstance(content, ArrayObject):
        return list(content)
    return [] if content is None or not isinstance(content, StreamObject) else [raw]


def _drawing(page: PageObject, label: str, foot: str, raised: int) -> bytes:
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
        left, bottom = (width - wide) / 2, EDGE + raised
        commands.append(f"1 g {left - 3:.2f} {bottom - 5:.2f} {wide + 6:.2f} {FOOT_SIZE + 4} re f")
        commands.append(_text(FONT, FOOT_SIZE, left, bottom - 2, foot))
    return "\n".join([*commands, "Q\n"]).encode("cp1252", "replace")


def _text(font: str, size: int, x: float, y: float, text: str) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT 0 g {FONT_NAMES[font]} {size} Tf {x:.2f} {y:.2f} Td ({escaped}) Tj ET"


def _visible(page: PageObject) -> tuple[str, float, float]:
    """The matrix from the page as it is seen to its own space, and its size as it is seen."""
    box = page.cropbox
    x0, y0, x1, y1 = (float(edge) for edge in (box.left, box.bottom, box.right, box.top))
    width, height = x1 - x0, y1 - y0
    turned = page.rotation % 360
    matrices = {
        0: f"1 0 0 1 {x0:.2f} {y0:.2f}",
        90: f"0 1 -1 0 {x1:.2f} {y0:.2f}",
        180: f"-1 0 0 -1 {x1:.2f} {y1:.2f}",
        270: f"0 -1 1 0 {x0:.2f} {y1:.2f}",
    }
    seen = (height, width) if turned in (90, 270) else (width, height)
    return matrices[turned], *seen


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

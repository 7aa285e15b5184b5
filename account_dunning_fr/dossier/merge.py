"""The whole file as one PDF: bookmarks, « Pièce n° » at the top of each page, page numbers.

A page is stamped by a small stream after its own content, in a standard font: pages are not
redrawn, so a hundred invoices take seconds and stay as they were sent. A page that leaves a
graphics state open is drawn as one object, so that its label is in the right place.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from contextlib import suppress
from ctypes import CDLL
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

from pikepdf import (
    Array,
    Dictionary,
    Name,
    Object,
    ObjectStreamMode,
    OutlineItem,
    Page,
    Pdf,
    StreamDecodeLevel,
    String,
)
from reportlab.pdfbase.pdfmetrics import stringWidth

from . import mending
from .fonts import STANDARD, in_letters_of
from .pages import PRODUCER, text_page
from .reading import UNREADABLE

FONT, BOLD = "Helvetica", "Helvetica-Bold"
FONT_NAMES = {FONT: "/DnStamp", BOLD: "/DnStampBold"}
PAGE_NAME = "/DnPage"
LABEL_SIZE, FOOT_SIZE = 9, 8
EDGE = 14  # points from the edge of the page


@dataclass(frozen=True, slots=True)
class Part:
    """One document of the whole: its bookmark, the label of its pages ("" for none), its PDF.

    The PDF is given as bytes, or as a function that reads it when needed; with its SHA-256, if
    known.
    """

    title: str
    label: str
    pdf: bytes | Callable[[], bytes]
    sha256: str = ""

    def load(self) -> bytes:
        """Return the PDF."""
        return self.pdf() if callable(self.pdf) else self.pdf


def write_whole(
    stream: BinaryIO,
    parts: Iterable[Part],
    title: str,
    foot: str,
    stand_in: Callable[[Part], bytes] | None = None,
) -> list[int]:
    """Write the parts as one PDF, and return the number of the first page of each.

    A part that cannot be copied never stops the others: it is replaced by a page.

    :param stream: an empty file, opened for writing
    :param title: title of the whole
    :param foot: footer of each page, with ``{page}`` and ``{pages}``
    :param stand_in: makes the PDF that replaces a part; by default a page with its title
    """
    parts = list(parts)
    stand_in = stand_in or (lambda part: text_page(part.title, []))
    try:
        return _write(stream, parts, title, foot)
    except UNREADABLE:
        sound = [
            part if _is_sound(part) else replace(part, pdf=stand_in(part), sha256="")
            for part in parts
        ]
        stream.seek(0)
        stream.truncate()
        return _write(stream, sound, title, foot)


def _is_sound(part: Part) -> bool:
    try:
        _write(BytesIO(), [part], part.title, "")
    except UNREADABLE:
        return False
    return True


def _write(stream: BinaryIO, parts: list[Part], title: str, foot: str) -> list[int]:
    gc.freeze()  # the server's own objects, hundreds of thousands, are not traversed below
    try:
        return _join(stream, parts, title, foot)
    finally:
        give_back_memory()
        gc.unfreeze()


def _join(stream: BinaryIO, parts: list[Part], title: str, foot: str) -> list[int]:
    labels, first_pages, identity = [], [], sha256(f"{title}\n{foot}".encode())
    with Pdf.new() as whole:
        for part in parts:
            first_pages.append(len(labels) + 1)
            data = part.load()
            checksum = part.sha256 or sha256(data).hexdigest()
            identity.update(f"\n{checksum} {part.label} {part.title}".encode())
            with mending.open_mended(data) as source:
                whole.pages.extend(source.pages)
                labels += [part.label] * len(source.pages)
        stamper = Stamper(whole)
        for number, (page, label) in enumerate(zip(whole.pages, labels, strict=True), 1):
            stamper.stamp(page, label, foot.format(page=number, pages=len(labels)))
        with whole.open_outline() as outline:
            outline.root += [
                OutlineItem(part.title, first - 1)
                for part, first in zip(parts, first_pages, strict=True)
            ]
        whole.docinfo["/Title"] = title
        whole.docinfo["/Producer"] = PRODUCER
        # It is computed from the content, as for ``finish.IDENTIFIED``, but without reading a
        # hundred scans once more.
        whole.trailer["/ID"] = Array([String(identity.hexdigest()[:32])] * 2)
        whole.save(
            stream,
            min_version="1.7",
            object_stream_mode=ObjectStreamMode.disable,
            # Content streams are copied unchanged, neither decoded nor recompressed.
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            static_id=True,
        )
    return first_pages


def give_back_memory() -> None:
    """Return unused memory to the system: glibc keeps fragments of it for later.

    Workers are limited by it (``limit_memory_soft``): the content of a whole is released before the
    archive is read.
    """
    gc.collect()  # a whole and its pages refer to each other
    with suppress(OSError, AttributeError):  # another system, or another C library
        CDLL("libc.so.6").malloc_trim(0)


class Stamper:
    """Adds a label and a footer to the mended pages of one whole."""

    def __init__(self, whole: Pdf) -> None:
        self._whole = whole
        self._fonts = {name: whole.make_indirect(_font(base)) for base, name in FONT_NAMES.items()}
        self._save = whole.make_stream(b"q\n")

    def stamp(self, page: Page, label: str, foot: str) -> None:
        """Stamp one page; its own content is wrapped in its own graphics state."""
        streams = self._enclose(page)
        fonts = page.obj["/Resources"]["/Font"]
        for name, font in self._fonts.items():
            fonts[name] = font
        drawn = self._whole.make_stream(b"Q\n" + _drawing(page, label, foot))
        page.obj["/Contents"] = Array([self._save, *streams, drawn])

    def _enclose(self, page: Page) -> list:
        """Return the streams of a page such that they leave no graphics state open."""
        streams = mending.contents(page)
        return streams if mending.is_balanced(streams) else self._draw_apart(page, streams)

    def _draw_apart(self, page: Page, streams: list) -> list:
        """Return what draws the content of a page as one object, with its own resources."""
        drawing = mending.as_one_object(self._whole, page, streams)
        if drawing is None:
            return streams
        page.obj["/Resources"] = Dictionary(
            XObject=Dictionary({PAGE_NAME: drawing}), Font=Dictionary()
        )
        return [self._whole.make_stream(f"{PAGE_NAME} Do\n".encode())]


def _drawing(page: Page, label: str, foot: str) -> bytes:
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


def _visible(page: Page) -> tuple[str, float, float]:
    """The matrix from the visible page to its own coordinates, and its visible size."""
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


def _font(base: str) -> Object:
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name(f"/{base}"),
        Encoding=Name.WinAnsiEncoding,
    )

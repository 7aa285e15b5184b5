"""What a file is before it joins a court file: a PDF, an image, or something else."""

from __future__ import annotations

import re
from io import BytesIO
from typing import NamedTuple

from PIL import UnidentifiedImageError
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from .mending import has_signature, open_mended
from .pictures import MARGIN, TooLargeError, frames
from .reading import UNREADABLE, find_pdf, open_pdf

LOOKED_AT = 3  # pages searched for text
PRODUCER = "account_dunning_fr"


class Inspection(NamedTuple):
    """What a file is.

    :param kind: "pdf", "image" or "other"
    :param problem: "damaged", "encrypted", "empty", "too_large", or "" if its pages can be shown
    :param searchable: text was found in its first pages
    :param pictured: its first pages contain images: a scan, if no text was found
    :param signed: it has an electronic signature, which no copy of its pages preserves
    :param headless: printed by a wkhtmltopdf without the patched Qt, which omits the headers and
        footers of Odoo's pages
    """

    kind: str
    pages: int
    searchable: bool
    problem: str
    pictured: bool = False
    signed: bool = False
    headless: bool = False


def inspect(data: bytes, *, searchable: bool = False) -> Inspection:
    """Determine what a file is, from its content and never from its name.

    :param searchable: whether its text is known to be there
    """
    if not data:
        return Inspection("other", 0, False, "empty")
    start = find_pdf(data)
    if start >= 0:
        found = _inspect_pdf(data, searchable)
        # A text that mentions PDF within its first lines is not one.
        if found.problem != "damaged" or not data[:start].strip():
            return found
    return _inspect_picture(data)


def _inspect_picture(data: bytes) -> Inspection:
    try:
        # Each page is produced, as later: an image may open and still be unreadable.
        pages = sum(1 for _page in frames(data))
    except TooLargeError:
        return Inspection("image", 0, False, "too_large", True)
    except UnidentifiedImageError:
        return Inspection("other", 0, False, "")
    except (*UNREADABLE, MemoryError):
        return Inspection("image", 0, False, "damaged", True)
    return Inspection("image", pages, False, "", True)


def _inspect_pdf(data: bytes, searchable: bool) -> Inspection:
    try:
        reader = open_pdf(data)
        if reader is None:
            return Inspection("pdf", 0, False, "encrypted")
        pages = list(reader.pages)
        signed = has_signature(reader)
        maker = _get_maker(reader)
        # It will have to be copied: a file may open and still not be copyable.
        open_mended(data).close()
    except UNREADABLE:
        return Inspection("pdf", 0, False, "damaged")
    if not pages:
        return Inspection("pdf", 0, False, "damaged")
    first = pages[:LOOKED_AT]
    searchable = searchable or any(map(_has_text, first))
    # Only that wkhtmltopdf draws the shapes of its letters; a payment code is an image.
    headless = maker == "unpatched" or (bool(maker) and not searchable)
    pictured = not headless and any(map(_has_picture, first))
    return Inspection("pdf", len(pages), searchable, "", pictured, signed, headless)


def _get_maker(reader: PdfReader) -> str:
    """Return ``wkhtmltopdf``, ``unpatched`` if its metadata show that it is not patched, or "".

    The patched Qt is a Qt 4; Debian and Ubuntu build wkhtmltopdf with Qt 5, without the patches.
    Odoo overwrites both with its own name once an invoice is sent.
    """
    named = reader.metadata or {}
    if not str(named.get("/Creator", "")).startswith(("wkhtmltopdf", "Odoo")):
        return ""
    modern = re.match(r"Qt ([5-9]|\d\d)", str(named.get("/Producer", "")))
    return "unpatched" if modern else "wkhtmltopdf"


def _has_text(page) -> bool:
    try:
        return bool(page.extract_text().strip())
    except UNREADABLE:
        return False


def _has_picture(page) -> bool:
    try:
        resources = page["/Resources"].get_object() if "/Resources" in page else {}
        objects = resources["/XObject"].get_object() if "/XObject" in resources else {}
        return any(entry.get_object().get("/Subtype") == "/Image" for entry in objects.values())
    except UNREADABLE:
        return True  # if in doubt, it counts as a scan


def text_page(title: str, lines: list[str]) -> bytes:
    """Return one page of plain text, in place of what cannot be shown."""
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    width, height = A4
    y = height - 200
    for font, size, text in [("Helvetica-Bold", 14, title), *(("Helvetica", 11, t) for t in lines)]:
        for line in simpleSplit(text, font, size, width - 4 * MARGIN):
            canvas.setFont(font, size)
            canvas.drawString(2 * MARGIN, y, line)
            y -= size * 1.5
        y -= 8
    canvas.showPage()
    canvas.save()
    return stream.getvalue()

"""What a file is before it joins a court file: a PDF, a picture, or something else."""

from __future__ import annotations

import re
from io import BytesIO
from tempfile import TemporaryFile
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

MARGIN = 40  # points
LOOKED_AT = 3  # pages in which text is looked for
PRODUCER = "account_dunning_fr"
# What a file that is not sound makes these libraries raise.
UNREADABLE = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError)
PDF_START = re.compile(rb"\s{0,1024}%PDF-")


class Inspection(NamedTuple):
    """What a file is.

    :param kind: "pdf", "image" or "other"
    :param problem: "damaged", "encrypted", "empty", or "" where its pages can be shown
    :param searchable: text was found in its first pages
    :param pictured: its first pages hold pictures: a scan, where no text was found
    """

    kind: str
    pages: int
    searchable: bool
    problem: str
    pictured: bool = False


def inspect(data: bytes, *, searchable: bool = False) -> Inspection:
    """Say what a file is, from its content and never from its name.

    :param searchable: its text is known to be there
    """
    if not data:
        return Inspection("other", 0, False, "empty")
    if PDF_START.match(data[:2048]):
        return _inspect_pdf(data, searchable)
    try:
        with Image.open(BytesIO(data)) as image:
            image.load()
    except (UnidentifiedImageError, *UNREADABLE, SyntaxError):
        return Inspection("other", 0, False, "")
    return Inspection("image", getattr(image, "n_frames", 1), False, "", True)


def _inspect_pdf(data: bytes, searchable: bool) -> Inspection:
    try:
        reader = open_pdf(data)
        if reader is None:
            return Inspection("pdf", 0, False, "encrypted")
        pages = list(reader.pages)
        # Copying is what will be asked of it: a file may open and still not be copied.
        PdfWriter().append(reader, import_outline=False)
    except (*UNREADABLE, RecursionError):
        return Inspection("pdf", 0, False, "damaged")
    if not pages:
        return Inspection("pdf", 0, False, "damaged")
    first = pages[:LOOKED_AT]
    searchable = searchable or any(map(_has_text, first))
    return Inspection("pdf", len(pages), searchable, "", any(map(_has_picture, first)))


def _has_text(page) -> bool:
    try:
        return bool(page.extract_text().strip())
    except (*UNREADABLE, RecursionError):
        return False


def _has_picture(page) -> bool:
    try:
        resources = page["/Resources"].get_object() if "/Resources" in page else {}
        objects = resources["/XObject"].get_object() if "/XObject" in resources else {}
        return any(entry.get_object().get("/Subtype") == "/Image" for entry in objects.values())
    except (*UNREADABLE, RecursionError):
        return True  # what cannot be told from a scan is called one


def open_pdf(data: bytes) -> PdfReader | None:
    """Open a PDF; None where a password is asked to read it."""
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return None
    return reader


def image_to_pdf(data: bytes, title: str) -> bytes:
    """Return a picture as PDF pages, upright, each on an A4 sheet."""
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    with Image.open(BytesIO(data)) as source:
        for frame in range(getattr(source, "n_frames", 1)):
            source.seek(frame)
            image = ImageOps.exif_transpose(source.convert("RGB") if frame else source)
            image = image.convert("RGB")
            landscape = image.width > image.height
            width, height = A4[::-1] if landscape else A4
            canvas.setPageSize((width, height))
            canvas.drawImage(
                ImageReader(image),
                MARGIN,
                MARGIN,
                width - 2 * MARGIN,
                height - 2 * MARGIN,
                preserveAspectRatio=True,
            )
            canvas.showPage()
    canvas.save()
    return stream.getvalue()


def text_page(title: str, lines: list[str]) -> bytes:
    """Return one page of plain text, for what cannot be shown."""
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


def timeless(data: bytes, title: str) -> bytes:
    """Return a PDF without the time at which it was printed, under a title of its own."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    return write(writer, title)


def write(writer: PdfWriter, title: str) -> bytes:
    """Return the bytes of a PDF that says nothing of the present time."""
    writer.metadata = {"/Title": title, "/Producer": PRODUCER}
    writer._ID = None  # else a file identifier drawn from the clock
    with TemporaryFile() as stream:  # a whole file takes tens of megabytes, and twice in memory
        writer.write(stream)
        stream.seek(0)
        return stream.read()

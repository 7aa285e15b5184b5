"""What a printed document is given before it leaves: its title, its language, its page numbers."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from .merge import Stamper
from .pages import PRODUCER

RAISED = 10  # points: a court file numbers its pages below


def finish(data: bytes, title: str, language: str, foot: str = "") -> bytes:
    """Return a PDF with its title and language, and a foot on the pages of a longer one.

    :param language: as in ``fr-FR``
    :param foot: what stands at the bottom of each page where there are several, with ``{page}``
        and ``{pages}``; the sender and the reference, so that a lost sheet finds its letter
    """
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    count = len(writer.pages)
    if foot and count > 1:
        stamper = Stamper(writer)
        for number, page in enumerate(writer.pages, 1):
            stamper.stamp(page, "", foot.format(page=number, pages=count), RAISED)
    writer.add_metadata({"/Title": title, "/Producer": PRODUCER})
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()

"""Files opened whatever they hold: what is not sound raises one of ``UNREADABLE``."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from pikepdf import DataDecodingError, PasswordError, PdfError
from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

# What a file that is not sound makes these libraries raise; ArithmeticError: a size of nothing.
UNREADABLE = (
    PyPdfError,
    DependencyError,
    PdfError,
    PasswordError,
    DataDecodingError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # RecursionError too
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
HEADER, WITHIN = b"%PDF-", 1024  # readers accept the header within the first 1,024 bytes


def find_pdf(data: bytes) -> int:
    """Return where a PDF begins in these bytes: some programs put a mark or a mail before it.

    :return: -1 where none does
    """
    return data[: WITHIN + len(HEADER)].find(HEADER)


def open_pdf(data: bytes) -> PdfReader | None:
    """Open a PDF; None where a password is asked to read it."""
    reader = PdfReader(BytesIO(data[max(find_pdf(data), 0) :]))
    if reader.is_encrypted and not reader.decrypt(""):
        return None
    return reader

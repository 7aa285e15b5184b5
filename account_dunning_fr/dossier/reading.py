"""Files opened whatever they contain: unsound ones raise one of ``UNREADABLE``."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from pikepdf import DataDecodingError, PasswordError, PdfError
from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

# What unsound files make these libraries raise; ArithmeticError: a size of zero.
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
    """Return where a PDF begins: some programs put a byte-order mark or an e-mail before it.

    :return: -1 if there is none
    """
    return data[: WITHIN + len(HEADER)].find(HEADER)


def open_pdf(data: bytes) -> PdfReader | None:
    """Open a PDF; None if a password is needed to read it."""
    reader = PdfReader(BytesIO(data[max(find_pdf(data), 0) :]))
    if reader.is_encrypted and not reader.decrypt(""):
        return None
    return reader

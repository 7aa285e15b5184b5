"""A file sent by an unknown person: of few accepted kinds, and of limited size.

Its name and declared type prove nothing: the content decides.
"""

from io import BytesIO

from PIL import Image

from .reading import UNREADABLE, open_pdf

MOST = 5_000_000  # bytes
POINTS_MOST = 100_000_000
PDF, PICTURES = "application/pdf", {"JPEG": "image/jpeg", "PNG": "image/png"}
ENDS = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png"}


class NotTakenError(ValueError):
    """Why a file is not accepted: ``large`` or ``kind``."""


def read_received(data: bytes) -> tuple[str, str]:
    """Return the type of a file, and its file extension.

    :raises NotTakenError: more than 5 MB, or neither a PDF nor a photograph (JPEG, PNG)
    """
    if len(data) > MOST:
        raise NotTakenError("large")
    kind = PDF if data.startswith(b"%PDF-") and _is_pdf(data) else _find_picture(data)
    if not kind:
        raise NotTakenError("kind")
    return kind, ENDS[kind]


def _is_pdf(data: bytes) -> bool:
    try:
        reader = open_pdf(data)
        return reader is None or len(reader.pages) > 0  # None: with a password
    except UNREADABLE:
        return False


def _find_picture(data: bytes) -> str:
    try:
        with Image.open(BytesIO(data), formats=list(PICTURES)) as image:
            if image.width * image.height > POINTS_MOST:
                return ""
            image.verify()
            return PICTURES[image.format]
    except (*UNREADABLE, Image.DecompressionBombError):
        return ""

"""The image of a signature sent by a page: drawn, typed or uploaded, and never empty."""

from __future__ import annotations

import struct
from base64 import b64decode
from io import BytesIO

from PIL import Image

ENCODED_MOST = 1_500_000  # characters of base64
SIDE_MOST = 3000  # pixels
PIXELS_MOST = 4_000_000
CONTRAST = 48  # of 255: pixels that differ this much from the paper are ink
INK_LEAST = 100  # pixels: the shortest stroke of a pen on a telephone has more
INK_MOST = 0.35  # of the image: more means a photograph of something else
LINE_LEAST = 10  # pixels from one end to the other
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, struct.error)


class NoSignature(ValueError):  # noqa: N818 - it is what is missing
    """Why an image is no signature: ``missing``, ``large``, ``unreadable`` or ``blank``."""


def read_signature(encoded: object) -> bytes:
    """Return a signature as a newly written PNG, on white.

    :param encoded: what a page sent: a PNG or a JPEG in base64
    :raise NoSignature: with the reason; an SVG, which may contain a script, is ``unreadable``
    """
    if not isinstance(encoded, str) or not encoded:
        raise NoSignature("missing")
    if len(encoded) > ENCODED_MOST:
        raise NoSignature("large")
    try:
        paper = _open(b64decode(encoded, validate=True))
    except (Image.DecompressionBombError, *UNREADABLE) as error:
        reason = str(error) if isinstance(error, NoSignature) else "unreadable"
        raise NoSignature(reason) from error
    if not _is_written(paper):
        raise NoSignature("blank")
    stream = BytesIO()
    paper.save(stream, "PNG")
    return stream.getvalue()


def _open(data: bytes) -> Image.Image:
    """Return the image on white paper."""
    with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
        width, height = picture.size
        if max(width, height) > SIDE_MOST or width * height > PIXELS_MOST:
            raise NoSignature("large")
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")


def _is_written(paper: Image.Image) -> bool:
    """Whether something is written: enough ink on the paper, in a line, and not everywhere."""
    grey = paper.convert("L")
    counts = grey.histogram()
    ground = max(range(len(counts)), key=counts.__getitem__)
    ink = grey.point([255 if abs(level - ground) > CONTRAST else 0 for level in range(256)])
    inked = ink.histogram()[255]
    if not INK_LEAST <= inked <= INK_MOST * grey.width * grey.height:
        return False
    left, top, right, bottom = ink.getbbox()
    return max(right - left, bottom - top) >= LINE_LEAST

"""Pictures as PDF pages: upright, on white, in colours that every printer knows."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

# Odoo knows the pictures of web pages only: scanners and telephones make these too.
from PIL import Image, ImageOps, TiffImagePlugin, WebPImagePlugin
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

MARGIN = 40  # points
DEEP = ("I", "I;16", "I;16L", "I;16B", "I;16N")  # grey of more than 8 bits a point
PAGED = (TiffImagePlugin.TiffImageFile.format,)  # whose pictures are pages, not an animation
FORMATS = ["BMP", "GIF", "JPEG", "PNG", "PPM", WebPImagePlugin.WebPImageFile.format, *PAGED]
INVERTED = 0  # TIFF's « white is zero »
PHOTOMETRIC = 262


class TooLargeError(ValueError):
    """More points than can be read without exhausting the memory: Pillow's guard."""


def frames(data: bytes) -> Iterator[Image.Image]:
    """Yield the pages of a picture, each upright, on white, in RGB.

    :raises TooLargeError: beyond Pillow's guard (some 179 million points)
    :raises UNREADABLE: no picture, or a damaged one
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as source:
            for number in range(count_pages(source)):
                source.seek(number)
                yield _on_white(ImageOps.exif_transpose(_shallow(source)))
    except Image.DecompressionBombError as error:
        raise TooLargeError(str(error)) from None


def count_pages(image: Image.Image) -> int:
    """Return how many pages a picture has; an animation has one."""
    return getattr(image, "n_frames", 1) if image.format in PAGED else 1


def _shallow(image: Image.Image) -> Image.Image:
    """Return a picture of 8 bits a point: 65,535 is white, and stays white."""
    if image.mode not in DEEP:
        return image.copy()
    grey = image.convert("I").point(lambda value: value * (1 / 257))
    grey = grey.convert("L")
    if getattr(image, "tag_v2", {}).get(PHOTOMETRIC) == INVERTED:
        grey = ImageOps.invert(grey)
    grey.getexif().update(image.getexif())
    return grey


def _on_white(image: Image.Image) -> Image.Image:
    """Return a picture in RGB; what shows through is paper."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


def image_to_pdf(data: bytes, title: str) -> bytes:
    """Return a picture as PDF pages, upright, each on an A4 sheet.

    :raises UNREADABLE: no picture, or one that cannot be read
    """
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    for image in frames(data):
        width, height = A4[::-1] if image.width > image.height else A4
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

"""Images as PDF pages: upright, on white, in colours that every printer supports."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

# Odoo only loads the image formats of the web: scanners and telephones also produce these.
from PIL import Image, ImageOps, TiffImagePlugin, WebPImagePlugin
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

MARGIN = 40  # points
DEEP = ("I", "I;16", "I;16L", "I;16B", "I;16N")  # grey with more than 8 bits per pixel
PAGED = (TiffImagePlugin.TiffImageFile.format,)  # whose images are pages, not an animation
FORMATS = ["BMP", "GIF", "JPEG", "PNG", "PPM", WebPImagePlugin.WebPImageFile.format, *PAGED]
INVERTED = 0  # TIFF's « white is zero »
PHOTOMETRIC = 262


class TooLargeError(ValueError):
    """More pixels than can be read without exhausting memory: Pillow's limit."""


def frames(data: bytes) -> Iterator[Image.Image]:
    """Yield the pages of an image file, each upright, on white, in RGB.

    :raises TooLargeError: beyond Pillow's limit (some 179 million pixels)
    :raises UNREADABLE: if it is no image, or damaged
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as source:
            for number in range(count_pages(source)):
                source.seek(number)
                yield _on_white(ImageOps.exif_transpose(_shallow(source)))
    except Image.DecompressionBombError as error:
        raise TooLargeError(str(error)) from None


def count_pages(image: Image.Image) -> int:
    """Return how many pages an image file has; an animation has one."""
    return getattr(image, "n_frames", 1) if image.format in PAGED else 1


def _shallow(image: Image.Image) -> Image.Image:
    """Return an image with 8 bits per pixel: 65,535 is white, and stays white."""
    if image.mode not in DEEP:
        return image.copy()
    grey = image.convert("I").point(lambda value: value * (1 / 257))
    grey = grey.convert("L")
    if getattr(image, "tag_v2", {}).get(PHOTOMETRIC) == INVERTED:
        grey = ImageOps.invert(grey)
    grey.getexif().update(image.getexif())
    return grey


def _on_white(image: Image.Image) -> Image.Image:
    """Return an image in RGB; transparent areas become white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


def image_to_pdf(data: bytes, title: str) -> bytes:
    """Return an image file as PDF pages, upright, each on an A4 sheet.

    :raises UNREADABLE: if it is no image, or cannot be read
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

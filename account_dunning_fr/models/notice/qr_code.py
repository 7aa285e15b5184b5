"""A text drawn as a QR code.

By the package qrcode: Odoo’s own drawing needs a back end of reportlab that many servers lack.
"""

from base64 import b64encode
from io import BytesIO

from PIL import Image

from ...dossier.qr import make_code

# Dots of a square's side: as the blocks of a JPEG, which wkhtmltopdf makes of each picture. With
# six its edges are blurred, and it takes 31 kB of a letter in place of 4.
QR_DOTS = 8


def draw_qr_code(text):
    """Return a text as a QR code, a ``data:`` address."""
    size, rows = make_code(text)
    side = QR_DOTS * size
    picture = Image.frombytes("1", (size, size), rows).resize(
        (side, side), Image.Resampling.NEAREST
    )
    stream = BytesIO()
    picture.save(stream, format="PNG", compress_level=1)  # squares: any level is small
    return f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}"

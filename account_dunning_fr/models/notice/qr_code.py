"""A text drawn as a QR code.

With zxing-cpp 3 if installed, forty times as fast, or else with the package qrcode, which comes
with Odoo. Odoo’s own drawing needs a back end of reportlab that many servers lack.
"""

from base64 import b64encode
from io import BytesIO

import qrcode
from PIL import Image

try:
    from zxingcpp import QRCodeModel2, create_barcode  # new in version 3: no mask before
except ImportError:
    create_barcode = None

QR_MASK = 0  # alternating rows and columns
# Pixels per side of a square: that of the blocks of a JPEG, into which wkhtmltopdf converts each
# image. With six, edges are blurred, and the code takes 31 kB of a letter instead of 4.
QR_DOTS = 8


def draw_qr_code(text):
    """Return a text as a QR code, as a ``data:`` address.

    With error correction level M, as required for SEPA transfers (EPC 069-12). Readers accept any
    of the eight masks; trying all of them, and drawing square by square, takes long.
    """
    squares = _make_by_zxing(text) if create_barcode else _make_by_qrcode(text)
    side = QR_DOTS * squares.width
    stream = BytesIO()
    picture = squares.resize((side, side), Image.Resampling.NEAREST)
    picture.save(stream, format="PNG", compress_level=1)  # of squares, any level is small
    return f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}"


def _make_by_zxing(text):
    """Return the squares of a code, one pixel each (``Image``)."""
    # Bytes, without an ECI, which not every bank's reader supports: the text itself says that it is
    # UTF-8. Given a text, zxing would write it in the smallest possible alphabet.
    code = create_barcode(text.encode(), QRCodeModel2, ec_level="M", data_mask=QR_MASK, eci="0")
    dots = code.to_image(scale=1, add_quiet_zones=False)
    return Image.frombytes("L", dots.shape, bytes(dots)).convert("1")


def _make_by_qrcode(text):
    """Return the same with the package qrcode: other squares where it splits the text otherwise."""
    code = qrcode.QRCode(border=0, mask_pattern=QR_MASK)
    code.add_data(text)
    matrix = code.get_matrix()
    image = Image.new("1", (len(matrix), len(matrix)))
    image.putdata([not dark for row in matrix for dark in row])
    return image

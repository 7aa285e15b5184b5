"""A text drawn as a QR code.

By zxing-cpp 3 where it is installed, forty times as fast, else by the package qrcode, which comes
with Odoo. Odoo’s own drawing needs a back end of reportlab that many servers lack.
"""

from base64 import b64encode
from io import BytesIO

import qrcode
from PIL import Image

try:
    from zxingcpp import QRCodeModel2, create_barcode  # a name of version 3: before, no mask
except ImportError:
    create_barcode = None

QR_MASK = 0  # rows and columns alternating
# Dots of a square's side: as the blocks of a JPEG, which wkhtmltopdf makes of each picture. With
# six its edges are blurred, and it takes 31 kB of a letter in place of 4.
QR_DOTS = 8


def draw_qr_code(text):
    """Return a text as a QR code, a ``data:`` address.

    Of the level M of correction, as a SEPA transfer asks (EPC 069-12). A reader takes any of the
    eight masks; trying all of them, and drawing square by square, takes long.
    """
    squares = _make_by_zxing(text) if create_barcode else _make_by_qrcode(text)
    side = QR_DOTS * squares.width
    stream = BytesIO()
    picture = squares.resize((side, side), Image.Resampling.NEAREST)
    picture.save(stream, format="PNG", compress_level=1)  # squares: any level is small
    return f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}"


def _make_by_zxing(text):
    """Return the squares of a code, each a dot of a picture (``Image``)."""
    # Bytes, and no ECI before them, which not every bank's reader knows: the text says itself that
    # it is UTF-8. Given a text, zxing writes it in the smallest of all alphabets.
    code = create_barcode(text.encode(), QRCodeModel2, ec_level="M", data_mask=QR_MASK, eci="0")
    dots = code.to_image(scale=1, add_quiet_zones=False)
    return Image.frombytes("L", dots.shape, bytes(dots)).convert("1")


def _make_by_qrcode(text):
    """Return the same by the package qrcode: other squares where it cuts the text otherwise."""
    code = qrcode.QRCode(border=0, mask_pattern=QR_MASK)
    code.add_data(text)
    matrix = code.get_matrix()
    image = Image.new("1", (len(matrix), len(matrix)))
    image.putdata([not dark for row in matrix for dark in row])
    return image

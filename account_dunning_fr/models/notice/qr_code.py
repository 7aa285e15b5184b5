"""A text drawn as a QR code.

By the package qrcode: Odoo’s own drawing needs a back end of reportlab that many servers lack.
"""

from base64 import b64encode
from io import BytesIO

import qrcode
from PIL import Image

QR_MASK = 0  # rows and columns alternating
# Dots of a square's side: as the blocks of a JPEG, which wkhtmltopdf makes of each picture. With
# six its edges are blurred, and it takes 31 kB of a letter in place of 4.
QR_DOTS = 8


def draw_qr_code(text):
    """Return a text as a QR code, a ``data:`` address.

    A reader takes any of the eight masks; trying all of them, and drawing square by square,
    takes longer than the rest of the letter.
    """
    code = qrcode.QRCode(border=0, mask_pattern=QR_MASK)
    code.add_data(text)
    matrix = code.get_matrix()
    image = Image.new("1", (len(matrix), len(matrix)))
    image.putdata([not dark for row in matrix for dark in row])
    side = QR_DOTS * len(matrix)
    stream = BytesIO()
    picture = image.resize((side, side), Image.Resampling.NEAREST)
    picture.save(stream, format="PNG", compress_level=1)  # squares: any level is small
    return f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}"

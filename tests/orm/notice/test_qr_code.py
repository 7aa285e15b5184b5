"""The code of a transfer, read again as a bank's program reads it: byte by byte (EPC 069-12)."""

from base64 import b64decode
from io import BytesIO
from unittest.mock import patch

import zxingcpp
from pikepdf import Pdf, PdfImage
from PIL import Image, ImageOps

from odoo.addons.account_dunning_fr.models.notice import qr_code
from odoo.tests import tagged

from ..dunning_common import DunningCommon

NAMES = ("Muller GmbH", "Société d’Électricité « Œuvre »", "Łódź Ελλάς €", "A" * 70)
LARGEST = (331, 13)  # bytes, and the version of the code
BYTES = 0b0100  # the first part of a code is bytes, without a note of their alphabet (ECI)


@tagged("post_install", "-at_install")
class TestQrCode(DunningCommon):
    def draw(self, text):
        """Return a code as a picture."""
        return Image.open(BytesIO(b64decode(qr_code.draw_qr_code(text).partition(",")[2])))

    def read(self, picture):
        """Return what the one code in a picture says (bytes), and its level of correction.

        The reader is no part of what draws: zxing draws by Zint, and reads by its own.
        """
        page = ImageOps.expand(picture.convert("L"), border=40, fill=255)
        (code,) = zxingcpp.read_barcodes(page, zxingcpp.BarcodeFormat.QRCode)
        return code.bytes, code.ec_level

    def get_mode(self, picture):
        """Return how the first part of a code is written: its last four squares, unmasked."""
        last = picture.width // qr_code.QR_DOTS - 1
        mode = 0
        for column, row in ((last, last), (last - 1, last), (last, last - 1), (last - 1, last - 1)):
            place = (column * qr_code.QR_DOTS, row * qr_code.QR_DOTS)
            dark = not picture.getpixel(place)
            mode = mode << 1 | (dark ^ ((row + column) % 2 == 0))
        return mode

    def get_texts(self):
        """Return what the codes of transfers to creditors with these names say."""
        account, partner = self.bank.bank_account_id, self.customer()
        self.company.currency_id = euro = self.env.ref("base.EUR")
        numbers = [f"FAC/2026/{number:05}" for number in range(1, 11)]
        for name in NAMES:
            account.acc_holder_name = name
            for amount, count in ((0.01, 1), (1234.5, 3), (999999999.99, 10)):
                reference = ", ".join(numbers[:count])
                yield account._get_dunning_transfer_code(amount, reference, euro, partner)

    def test_it_says_what_was_asked_whatever_draws_it(self):
        texts = list(self.get_texts())
        self.assertEqual(len(texts), 12)
        self.assertTrue(qr_code.create_barcode)
        for create in (qr_code.create_barcode, None):
            for text in texts:
                with (
                    self.subTest(text=text, zxing=bool(create)),
                    patch.object(qr_code, "create_barcode", create),
                ):
                    picture = self.draw(text)
                    self.assertEqual(self.read(picture), (text.encode(), "M"))
                    self.assertEqual(self.get_mode(picture), BYTES)
                    squares = picture.width // qr_code.QR_DOTS
                    self.assertLessEqual(len(text.encode()), LARGEST[0])
                    self.assertLessEqual((squares - 17) // 4, LARGEST[1])
                    self.assertTrue(text.startswith("BCD\n002\n1\nSCT\n"))

    def test_it_is_read_from_the_printed_letter(self):
        """As the page has it: wkhtmltopdf makes a JPEG of it."""
        self.company.currency_id = self.env.ref("base.EUR")
        self.bank.bank_account_id.acc_holder_name = NAMES[1]
        notices = self.Notice
        for name in ("Zoé", "Łukasz"):
            partner = self.customer(name)
            self.invoice(partner, 40, 321.09)
            notices |= self.draft(partner)
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        printed = report._render_dunning_letters(notices)
        for notice in notices:
            (transfer,) = notice._get_transfers()
            text = transfer["account"]._get_dunning_transfer_code(
                transfer["amount"],
                notice._get_payment_reference(transfer["names"]),
                transfer["currency"],
                notice.partner_id,
            )
            with Pdf.open(BytesIO(printed[notice.id])) as pdf:
                pictures = [
                    PdfImage(picture).as_pil_image()
                    for page in pdf.pages
                    for picture in page.resources.get("/XObject", {}).values()
                ]
            read = [self.read(picture)[0] for picture in pictures]
            self.assertIn(text.encode(), read)
            self.assertIn(notice.move_ids.name, text)

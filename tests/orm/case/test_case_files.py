"""Pieces as customers scan them: mended, or named with their problem; the file is always made."""

from io import BytesIO
from zipfile import ZipFile

from PIL import Image
from pypdf import PdfReader

from odoo.tests import tagged

from .. import odd_files as files
from ..case_common import CaseCommon, pdf
from ..penalty.test_penalties_statement import plain

ODD = files.TEXT.replace(b"Bon de livraison", b"Odd page")


@tagged("post_install", "-at_install")
class TestCaseFiles(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_once("make_case")

    def make_case(self):
        self.case = self.ready_case()

    def whole(self):
        with ZipFile(BytesIO(self.generate(self.case))) as archive:
            content = {name: archive.read(name) for name in archive.namelist()}
        return content, PdfReader(BytesIO(content["Dossier_complet.pdf"]))

    def bordereau(self):
        self.patch(type(self.case), "_get_dunning_print_lang", lambda _case: "en_US")
        report = self.env["ir.actions.report"].with_context(lang="en_US")
        reference = "account_dunning_fr.report_case_bordereau"
        return plain(report._render_qweb_html(reference, self.case.ids)[0].decode())

    def test_a_picture_beyond_the_guard_is_named_when_it_is_added(self):
        self.patch(Image, "MAX_IMAGE_PIXELS", 1000)
        data = files.saved(Image.new("L", (300, 300)))
        piece = self.add_piece(self.case, "order", data=data, file_name="plan.png")
        self.assertEqual((piece.state, piece.problem), ("problem", "too_large"))
        content, _reader = self.whole()
        (name,) = [name for name in content if name.startswith(f"{piece.number:02}_")]
        self.assertTrue(name.endswith(".png"))
        self.assertEqual(content[name], data)
        self.assertIn(name, self.case.export_note)

    def test_pictures_of_scanners_and_telephones_are_read_inside_odoo(self):
        for kind in ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP"):
            data = files.saved(Image.new("RGB", (30, 20), "white"), kind)
            piece = self.add_piece(self.case, "order", data=data, file_name=f"scan.{kind}")
            with self.subTest(kind=kind):
                self.assertEqual((piece.kind, piece.problem, piece.page_count), ("image", False, 1))
                self.assertEqual(piece.attachment_id.raw, data)

    def test_odd_pages_are_in_the_whole_with_their_number(self):
        for entries in (
            b"/MediaBox[0 0 595 842]/Rotate 45",
            b"/MediaBox[0 0 595 842]/CropBox[500 800 50 100]",
            b"",
        ):
            piece = self.add_piece(self.case, "order", data=files.one_page(entries, ODD))
            self.assertEqual((piece.kind, piece.problem, piece.page_count), ("pdf", False, 1))
        _content, reader = self.whole()
        text = "\n".join(page.extract_text() for page in reader.pages)
        for piece in self.case._get_included_pieces():
            self.assertRegex(text, rf"(Piece no\.|Pièce n°).{piece.number}\b")
        self.assertEqual(text.count("Odd page"), 3)
        self.assertFalse(self.case.export_note)

    def test_a_signed_piece_is_told_and_its_file_keeps_the_signature(self):
        data = files.one_page(*files.SIGNED)
        piece = self.add_piece(self.case, "order", data=data)
        self.assertTrue(piece.is_signed)
        content, _reader = self.whole()
        (name,) = [name for name in content if name.startswith(f"{piece.number:02}_")]
        self.assertEqual(content[name], data)
        self.assertNotIn(b"/ByteRange", content["Dossier_complet.pdf"])
        self.assertIn(name, self.case.export_note)
        text = self.bordereau()
        self.assertIn("(signed electronically)", text)

    def test_the_bordereau_says_what_the_whole_does_not_keep(self):
        text = self.bordereau()
        for word in ("originals", "PDF/A", "XML", "electronic signatures"):
            self.assertIn(word, text)
        self.assertNotIn("(signed electronically)", text)

    def test_a_piece_that_breaks_only_among_the_others_has_a_page_that_says_so(self):
        piece = self.add_piece(self.case, "order", data=pdf("contract"))
        for broken in (b"%PDF-1.4 broken", b"%PDF-", files.one_page()[:90]):
            piece.sudo().attachment_id.raw = broken  # as if it had been sound when it was added
            content, reader = self.whole()
            text = "\n".join(page.extract_text() for page in reader.pages)
            self.assertIn(self.case.export_note.split(":")[0].split(" – ")[0], text)
            self.assertIn("Dossier_complet.pdf", content)

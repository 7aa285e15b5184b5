"""Whatever a customer scans: each file is mended, or named with its problem; the whole is made."""

import re
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject
from reportlab.pdfgen.canvas import Canvas

from dossier.merge import Part, write_whole
from dossier.pages import Inspection, inspect
from dossier.pictures import image_to_pdf

from ..orm.odd_files import FONTS, SIGNED, TEXT, one_page, raw_pdf, saved, stream

LABEL = "Pièce n° 7"


def whole(*documents):
    parts = [Part(f"Document {n}", LABEL, data) for n, data in enumerate(documents, 1)]
    made = BytesIO()
    first_pages = write_whole(made, parts, "Dossier", "page {page} / {pages}")
    return made.getvalue(), PdfReader(made), first_pages


def assert_label_inside(page):
    """Check that the label is drawn once, within what is seen of the page, upright."""
    data = page.get_contents().get_data().decode("cp1252")
    assert data.count(f"({LABEL}) Tj") == 1
    matrix = [float(n) for n in re.search(r"q (\S+ \S+ \S+ \S+ \S+ \S+) cm\n1 g", data)[1].split()]
    x, y = (float(n) for n in re.search(rf"(\S+) (\S+) Td \({LABEL}\)", data).groups())
    a, b, c, d, e, f = matrix
    seen = (a * x + c * y + e, b * x + d * y + f)
    box = page.cropbox
    assert float(box.left) <= seen[0] <= float(box.right)
    assert float(box.bottom) <= seen[1] <= float(box.top)


# -- Pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("boxes", "seen"),
    [
        (b"/MediaBox[0 0 595 842]/CropBox[-100 -100 900 1200]", (0, 0, 595, 842)),
        (b"/MediaBox[0 0 595 842]/CropBox[500 800 50 100]", (50, 100, 500, 800)),
        (b"/MediaBox[595 842 0 0]", (0, 0, 595, 842)),
        (b"/MediaBox[0 0 595 842]/CropBox[700 900 800 1000]", (0, 0, 595, 842)),
        (b"/MediaBox[0 0 595 842]/CropBox[0 0 0 0]", (0, 0, 595, 842)),
        (b"/MediaBox[0 0 595 842]/CropBox null", (0, 0, 595, 842)),
        (b"/MediaBox[0 0 595 842]/CropBox[1 2]", (0, 0, 595, 842)),
        (b"/MediaBox[0 0 (wide) 842]", (0, 0, 595.2756, 841.8898)),
        (b"", (0, 0, 595.2756, 841.8898)),
        (b"/MediaBox 5 0 R", (0, 0, 300, 400)),
    ],
)
def test_the_label_stands_within_what_is_seen_of_the_page(boxes, seen):
    data = one_page(boxes, TEXT, FONTS, b"", b"[0 0 300 400]")
    assert inspect(data).problem == ""
    page = whole(data)[1].pages[0]
    assert [round(float(edge), 1) for edge in page.cropbox] == [round(edge, 1) for edge in seen]
    assert_label_inside(page)
    assert "Bon de livraison" in page.extract_text()


@pytest.mark.parametrize(
    ("angle", "turned"),
    [
        (b"45", 0),
        (b"90.0", 90),
        (b"-90", 270),
        (b"450", 90),
        (b"5 0 R", 180),
        (b"null", 0),
        (b"/East", 0),
        (b"(90)", 90),
    ],
)
def test_a_page_turned_by_an_odd_angle_is_stamped_as_it_is_seen(angle, turned):
    data = one_page(b"/MediaBox[0 0 595 842]/Rotate " + angle, TEXT, FONTS, b"", b"180")
    assert inspect(data).problem == ""
    page = whole(data)[1].pages[0]
    assert page.rotation == turned
    assert_label_inside(page)


@pytest.mark.parametrize(
    "resources",
    [b"/Resources null", b"", b"/Resources 9 0 R", b"/Resources<</Font null>>", b"/Resources[1]"],
)
def test_a_page_without_resources_has_its_label(resources):
    data = one_page(b"/MediaBox[0 0 595 842]", b"0 0 m 100 100 l S", resources)
    assert inspect(data).problem == ""
    page = whole(data)[1].pages[0]
    assert LABEL in page.extract_text()


@pytest.mark.parametrize(
    ("drawing", "apart"),
    [
        (b"q 3 0 0 3 200 -900 cm " + TEXT, True),
        (b"q q 0.1 0 0 0.1 0 0 cm Q " + TEXT, True),
        (b"Q Q 2 0 0 2 0 0 cm " + TEXT, True),
        (b"BT /F1 18 Tf 60 700 Td (Bon de livraison) Tj", True),
        (b"q (Q) Tj " + TEXT, True),
        (b"q%left open\n" + TEXT, True),
        (b"q " + TEXT + b" Q", False),
        (b"q%Q\n(q \\) q) Tj " + TEXT + b" Q", False),
        (TEXT.replace(b"livraison", b"q livraison"), False),
    ],
)
def test_a_state_left_open_does_not_move_the_label(drawing, apart):
    reader = whole(one_page(drawing=drawing))[1]
    page = reader.pages[0]
    assert ("/XObject" in page["/Resources"]) == apart
    assert "livraison" in page.extract_text()
    data = page.get_contents().get_data()
    before = data[: data.rindex(b"q 1 0 0 1 0")]
    assert len(re.findall(rb"\bq\b", before)) == len(re.findall(rb"\bQ\b", before)) or not apart
    assert_label_inside(page)


@pytest.mark.parametrize(
    "contents", [b"/Contents null", b"/Contents[null 4 0 R]", b"/Contents 99 0 R", b"/Contents 1"]
)
def test_a_page_whose_drawing_is_missing_in_part_is_kept(contents):
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>",
        b"<</Type/Page/Parent 2 0 R" + contents + FONTS + b">>",
        stream(TEXT),
    )
    assert inspect(data).problem == ""
    assert LABEL in whole(data)[1].pages[0].extract_text()


# -- What a document does by itself ---------------------------------------------------------------

SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


@pytest.mark.parametrize(
    ("entries", "catalogue"),
    [
        (b"/MediaBox[0 0 595 842]", b"/OpenAction" + SCRIPT),
        (b"/MediaBox[0 0 595 842]", b"/Names<</JavaScript<</Names[(a)" + SCRIPT + b"]>>>>"),
        (b"/MediaBox[0 0 595 842]/AA<</O" + SCRIPT + b">>", b"/AA<</WC" + SCRIPT + b">>"),
        (
            b"/MediaBox[0 0 595 842]/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]"
            b"/A<</S/Launch/F(calc.exe)>>>>]",
            b"",
        ),
        (
            b"/MediaBox[0 0 595 842]/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]"
            b"/A<</S/URI/URI(https://client.example)/Next" + SCRIPT + b">>>>]",
            b"",
        ),
        (
            b"/MediaBox[0 0 595 842]/Annots[<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[0 0 9 9]"
            b"/AA<</K" + SCRIPT + b">>>>]",
            b"/AcroForm<</Fields[]/XFA(<script/>)>>",
        ),
    ],
)
def test_what_acts_by_itself_is_left_out_of_the_whole(entries, catalogue):
    original = one_page(entries, TEXT, FONTS, catalogue)
    data, reader, _first = whole(original)
    assert re.search(rb"/JavaScript|/Launch", original)
    assert not re.search(rb"/JavaScript|/JS\b|/Launch|/OpenAction|/AA\b|/XFA|alert", data)
    assert "Bon de livraison" in reader.pages[0].extract_text()


def test_a_link_stays_one():
    link = (
        b"/MediaBox[0 0 595 842]/Annots[null <</Type/Annot/Subtype/Link/Rect[0 0 9 9]"
        b"/A<</S/URI/URI(https://client.example)>>>>]"
    )
    (annotation,) = whole(one_page(link))[1].pages[0]["/Annots"]
    assert annotation.get_object()["/A"]["/URI"] == "https://client.example"


def test_a_signature_is_told_and_stays_as_a_picture():
    data = one_page(*SIGNED)
    found = inspect(data)
    assert (found.signed, found.problem) == (True, "")
    merged, reader, _first = whole(data)
    assert not re.search(rb"/Sig\b|/AcroForm|/ByteRange", merged)
    (annotation,) = reader.pages[0]["/Annots"]
    assert annotation.get_object()["/Subtype"] == "/Stamp"
    assert "/N" in annotation.get_object()["/AP"]


def test_a_signature_below_its_field_is_told():
    below = list(SIGNED)
    below[3] = b"/AcroForm<</Fields[<</T(g)/Kids[5 0 R]>>]>>"
    assert inspect(one_page(*below)).signed
    below[4] = below[4].replace(b"/V 6 0 R", b"/V null")  # a place to sign, not signed
    assert not inspect(one_page(*below)).signed


# -- Bytes before, files that are none ------------------------------------------------------------


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\x00" * 1000]
)
def test_a_pdf_begins_within_its_first_bytes(before):
    data = before + one_page()
    assert inspect(data)[:2] == ("pdf", 1)
    assert "Bon de livraison" in whole(data)[1].pages[0].extract_text()


@pytest.mark.parametrize("data", [b"x" * 1100 + one_page(), b"The header %PDF-1.4 begins a file"])
def test_what_only_speaks_of_pdf_is_none(data):
    assert inspect(data) == Inspection("other", 0, False, "", False)


@pytest.mark.parametrize(
    "broken",
    [
        b"%PDF-1.4 and nothing",
        one_page()[:80],
        raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        raw_pdf(b"<</Type/Catalog>>"),
    ],
)
def test_a_damaged_part_never_stops_the_others(broken):
    assert inspect(broken).problem == "damaged"
    _data, reader, first_pages = whole(one_page(), broken, one_page())
    assert (len(reader.pages), first_pages) == (3, [1, 2, 3])
    assert "Document 2" in reader.pages[1].extract_text()
    assert all(LABEL in page.extract_text() for page in reader.pages)


def test_a_locked_part_never_stops_the_others():
    writer, out = PdfWriter(BytesIO(one_page())), BytesIO()
    writer.encrypt("secret")
    writer.write(out)
    assert inspect(out.getvalue()).problem == "encrypted"
    assert len(whole(one_page(), out.getvalue())[1].pages) == 2


# -- Pictures -------------------------------------------------------------------------------------


def shown(data):
    """Return the points of a picture as its page shows them."""
    found = inspect(data)
    assert (found.kind, found.problem) == ("image", "")
    (image,) = PdfReader(BytesIO(image_to_pdf(data, "Scan"))).pages[0].images
    return image.image.convert("RGB")


def indexed():
    image = Image.new("P", (20, 20), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    return image


@pytest.mark.parametrize(
    "data",
    [
        saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0))),
        saved(Image.new("LA", (20, 20), (0, 0))),
        saved(indexed(), transparency=0),
        saved(Image.new("RGB", (20, 20), (0, 0, 0)), transparency=(0, 0, 0)),
        saved(Image.new("L", (20, 20), 0), transparency=0),
        saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "WEBP", lossless=True),
    ],
    ids=["rgba", "la", "palette", "rgb", "l", "webp"],
)
def test_what_shows_through_is_paper(data):
    assert shown(data).getpixel((10, 10)) == (255, 255, 255)


def test_what_is_half_transparent_is_half_as_dark():
    point = shown(saved(Image.new("RGBA", (20, 20), (0, 0, 0, 128)))).getpixel((10, 10))
    assert 125 <= point[0] <= 130


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(("value", "grey"), [(0, 0), (257 * 100, 100), (65535, 255)])
def test_a_scan_of_16_bits_keeps_its_greys(kind, value, grey):
    image = Image.new("I;16", (20, 20), value)
    assert abs(shown(saved(image, kind)).getpixel((10, 10))[0] - grey) <= 1


def test_a_picture_beyond_the_guard_is_told(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    found = inspect(saved(Image.new("L", (300, 300))))
    assert (found.kind, found.problem) == ("image", "too_large")


def test_a_picture_cut_short_is_damaged():
    data = saved(Image.effect_noise((200, 200), 60), "JPEG")
    found = inspect(data[: len(data) // 2])
    assert (found.kind, found.problem) == ("image", "damaged")


def test_the_pages_of_a_scan_are_pages_and_an_animation_is_one():
    pages = [Image.new("L", (20, 20), grey) for grey in (0, 100, 200)]
    several = {"save_all": True, "append_images": pages[1:]}
    assert inspect(saved(pages[0], "TIFF", **several)).pages == 3
    assert inspect(saved(pages[0], "GIF", **several)).pages == 1


def test_a_picture_in_a_pdf_of_reportlab_is_merged():
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(60, 700, "Facture")
    canvas.save()
    writer = PdfWriter(BytesIO(out.getvalue()))
    writer.pages[0][NameObject("/CropBox")] = writer.pages[0]["/MediaBox"]
    data, reader, _first = whole(out.getvalue(), image_to_pdf(saved(Image.new("L", (9, 9))), "x"))
    assert len(reader.pages) == 2
    assert data == whole(out.getvalue(), image_to_pdf(saved(Image.new("L", (9, 9))), "x"))[0]


# -- Printed without its letterhead ----------------------------------------------------------------


def made_by(creator, producer, drawing):
    """Return a page that says which programs made it, with its text or only its shapes."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(one_page(drawing=drawing))))
    writer.add_metadata({"/Creator": creator, "/Producer": producer})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


SHAPES = b"60 700 m 90 700 l 75 730 l f"


@pytest.mark.parametrize(
    ("creator", "producer", "drawing", "headless"),
    [
        ("wkhtmltopdf 0.12.6", "Qt 5.15.15", TEXT, True),
        ("wkhtmltopdf 0.12.6", "Qt 6.2", TEXT, True),
        ("wkhtmltopdf 0.12.6", "Qt 4.8.7", TEXT, False),
        ("wkhtmltopdf 0.12.5", "Qt 4.8.7", SHAPES, True),
        ("Odoo", "Odoo", SHAPES, True),
        ("Odoo", "Odoo", TEXT, False),
        ("Scanner", "Qt 5.15.15", SHAPES, False),
        ("", "", TEXT, False),
    ],
)
def test_a_page_without_its_letterhead_is_told_by_what_made_it(
    creator, producer, drawing, headless
):
    assert inspect(made_by(creator, producer, drawing)).headless == headless


def test_the_identifier_of_the_whole_comes_from_its_parts():
    first = one_page(b"", TEXT, FONTS, b"", b"[0 0 300 400]")
    other = image_to_pdf(saved(Image.new("L", (20, 20), 100), "PNG"), "x")

    def identify(parts, title="Dossier"):
        made = BytesIO()
        write_whole(made, parts, title, "page {page} / {pages}")
        return str(PdfReader(made).trailer["/ID"][0]), made.getvalue()

    parts = [Part("One", LABEL, first), Part("Two", LABEL, other)]
    known = [Part(part.title, LABEL, part.pdf, sha256(part.pdf).hexdigest()) for part in parts]
    assert identify(parts) == identify(parts) == identify(known)
    others = [parts[::-1], parts[:1], [Part("One", "", first), parts[1]]]
    found = {identify(each)[0] for each in (parts, *others)} | {identify(parts, "Other")[0]}
    assert len(found) == 5

"""What a printed document is given: title, language, and a foot in the font of its pages."""

from io import BytesIO

import pytest
from pikepdf import Array, Pdf, String
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from dossier.finish import finish, timeless
from dossier.fonts import STANDARD, find_page_font, get_page_font, in_letters_of
from dossier.listing import BOLD, FONT, SIZE, Column, Table, _fit, _measure, _plain, draw_tables

FOOT = "Atelier Łódź & Cœur – REL/2026/00001 – {page}/{pages}"


def document(pages=3, size=(595, 842)):
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=size, invariant=1)
    for page in range(1, pages + 1):
        canvas.drawString(100, 700, f"Text of page {page}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def read(data):
    return PdfReader(BytesIO(data))


def printed_on(day):
    """Return a document as a program prints it: its time, and an identifier drawn from it."""
    with Pdf.open(BytesIO(finish(document(1), "Title", "fr-FR"))) as pdf:
        pdf.docinfo["/CreationDate"] = f"D:{day}120000"
        pdf.docinfo["/Creator"] = "wkhtmltopdf 0.12.6"
        pdf.trailer["/ID"] = Array([String(day * 2), String(day * 2)])
        stream = BytesIO()
        pdf.save(stream)
    return stream.getvalue()


def names_of_fonts(reader):
    found = set()
    for page in reader.pages:
        laid = page["/Resources"]["/XObject"]["/DnLaid"]
        found |= {font.get_object()["/BaseFont"] for font in laid["/Resources"]["/Font"].values()}
    return found


def test_every_sheet_of_several_bears_its_foot_and_keeps_its_text():
    reader = read(finish(document(), "Title", "fr-FR", FOOT))
    assert (reader.metadata.title, reader.trailer["/Root"]["/Lang"]) == ("Title", "fr-FR")
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert f"Text of page {number}" in text
        assert f"– {number}/3" in text


def test_nothing_tells_when_a_document_was_printed():
    first, second = (printed_on(day) for day in ("20260101", "20260202"))
    assert first[-100:] != second[-100:]
    first, second = timeless(first, "Relevé – n° 1"), timeless(second, "Relevé – n° 1")
    assert first == second
    reader = read(first)
    assert set(reader.metadata) == {"/Title", "/Producer"}
    assert reader.metadata.title == "Relevé – n° 1"
    assert reader.pages[0].extract_text().strip() == "Text of page 1"
    assert reader.root_object["/Lang"] == "fr-FR"


def test_one_sheet_needs_no_foot():
    assert "1/1" not in read(finish(document(1), "Title", "fr-FR", FOOT)).pages[0].extract_text()


@pytest.mark.skipif(find_page_font() is None, reason="the fonts are not installed")
def test_the_foot_is_in_the_font_of_the_page_with_all_its_letters():
    reader = read(finish(document(), "Title", "fr-FR", FOOT))
    assert not any("Helvetica" in name for name in names_of_fonts(reader))
    for page in reader.pages:
        assert "Atelier Łódź & Cœur" in page.extract_text()


def test_without_such_a_font_the_standard_one_takes_over(monkeypatch):
    monkeypatch.setattr("dossier.finish.get_page_font", lambda: STANDARD)
    reader = read(finish(document(), "Title", "fr-FR", "Café 10\u202f000 – {page}/{pages}"))
    assert names_of_fonts(reader) == {"/Helvetica"}
    assert "Café 10 000 – 2/3" in " ".join(reader.pages[1].extract_text().split())


def test_fonts_are_taken_in_the_order_of_the_page(tmp_path):
    assert find_page_font((str(tmp_path),)) is None
    for name in ("DejaVuSans.ttf", "OpenSans-Regular.ttf", "Lato-Regular.ttf"):
        (tmp_path / name).write_bytes(b"no font")
        assert find_page_font((str(tmp_path),)).name == name
    assert get_page_font((str(tmp_path),)) == STANDARD, "a file that is no font stops nothing"


def test_the_standard_font_shows_what_it_has():
    for text, shown in (("10\u202f000 €", "10\xa0000 €"), ("Cœur", "Cœur"), ("Łódź", "?ód?")):
        assert in_letters_of(text, STANDARD) == shown


@pytest.mark.parametrize("size", [(595, 842), (842, 595), (298, 420)])
def test_a_long_name_leaves_room_for_the_number(size):
    foot = "A" * 400 + " – {page}/{pages}"
    page = read(finish(document(2, size), "Title", "fr-FR", foot)).pages[1]
    assert "… – 2/2" in page.extract_text()


def test_a_heading_wider_than_its_column_takes_a_second_line():
    titles = ("Facture", "Avoirs et acomptes", "Indemnité forfaitaire", "Jours de retard")
    columns = [Column(title, 2, True) for title in titles * 3]
    content = draw_tables("Liste", "", "{page}", [Table(columns, [["1"] * 12])], "fr-FR")
    reader = PdfReader(BytesIO(content))
    text = reader.pages[0].extract_text()
    assert "…" not in text
    for word in ("acomptes", "Indemnité", "forfaitaire", "retard"):
        assert text.count(word) == 3
    assert reader.trailer["/Root"]["/Lang"] == "fr-FR"


def test_a_text_is_as_wide_as_it_is_drawn():
    # But for the one control character that the library draws, as a box of another font.
    letters = "".join(_plain(chr(code)) for code in range(32, 0x2123) if code != 0x7F)
    for font in (FONT, BOLD):
        assert _measure(letters, font) == pytest.approx(stringWidth(letters, font, SIZE))
    short, width = _fit("Société des grands travaux", 60, FONT)
    assert short.endswith("…")
    assert width <= 60
    assert width == pytest.approx(stringWidth(short, FONT, SIZE))


def test_figures_end_where_their_column_does():
    columns = [Column("Facture", 1), Column("Montant", 1, True)]
    amounts = ["1,00 €", "1 234,50 €", "-0,05 €"]
    rows = [["FAC/1", amount] for amount in amounts]
    page = PdfReader(BytesIO(draw_tables("Liste", "", "", [Table(columns, rows)]))).pages[0]
    ends = []

    def keep(text, _outer, matrix, *_font):
        if text.strip() in amounts:
            ends.append(round(matrix[4] + stringWidth(text.strip(), FONT, SIZE), 1))

    page.extract_text(visitor_text=keep)
    assert len(ends) == 3
    assert len(set(ends)) == 1


def test_a_cell_says_what_it_was_given():
    cells = ["(net) \\ TVA)", "Œuvre – été", "1\u202f234,50\u00a0€", "Łódź"]
    tables = [Table([Column("Texte", 1)], [[cell] for cell in cells], [["(fin"]])]
    text = PdfReader(BytesIO(draw_tables("Liste", "", "", tables))).pages[0].extract_text()
    said = [line.strip() for line in text.splitlines() if line.strip()]
    assert said[-5:] == ["(net) \\ TVA)", "Œuvre – été", "1 234,50 €", "?ód?", "(fin"]

"""Numbers read where they stand, in a page as Qt writes it."""

from io import BytesIO

import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from dossier.heads import Place
from dossier.places import SheetTexts, read_places

# The letter of each glyph: a range, and letters one by one.
RANGES = b"<0000> <0000> <0000>\n<0001> <0001> <0040>\n<0002> <000B> <0030>"
ONE_BY_ONE = b"<0000> <0001> [<0000> <0040> ]\n<0002> <0004> [<0031> <0030> <0037> ]"


def shown(*glyphs, at, other=b""):
    """Return a text whose glyphs follow each other, as Qt draws each by itself."""
    drawn = b" 16 0 Td ".join(b"<%04x> Tj" % glyph for glyph in glyphs)
    return b"q 0.5 0 0 0.5 0 0 cm BT /F7 16 Tf 1 0 0 -1 0 0 Tm 11 -%d Td %s %s ET Q\n" % (
        at,
        drawn,
        other,
    )


def printed(*pages, letters=RANGES):
    """Return a PDF of A4 with these drawings, turned over as Qt turns its pages."""
    pdf = Pdf.new()
    table = pdf.make_stream(b"1 beginbfrange\n" + letters + b"\nendbfrange")
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type0, ToUnicode=table))
    for drawing in pages:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj["/Resources"] = Dictionary(Font=Dictionary(F7=font))
        page.obj["/Contents"] = Array([pdf.make_stream(b"1 0 0 -1 0 842 cm\n" + drawing)])
    stream = BytesIO()
    pdf.save(stream)
    return stream.getvalue()


def test_a_number_is_found_with_its_page_and_its_height():
    first = shown(1, 2, 1, at=100) + shown(1, 3, 11, 1, at=300)
    places, height = read_places(printed(first, shown(1, 4, 1, at=40)))
    assert places == {0: Place(0, 792.0), 19: Place(0, 692.0), 2: Place(1, 822.0)}
    assert height == 842


def test_letters_may_be_named_one_by_one():
    places, _height = read_places(printed(shown(1, 2, 3, 4, 1, at=100), letters=ONE_BY_ONE))
    assert places == {107: Place(0, 792.0)}


def test_glyphs_in_one_text_with_distances_are_read_together():
    drawing = shown(1, at=100, other=b"[<00020003> -120 <0001>] TJ")
    assert read_places(printed(drawing))[0] == {1: Place(0, 792.0)}


@pytest.mark.parametrize("drawing", [b"", shown(2, 3, at=100), b"Q Q " + shown(1, 20, at=100)])
def test_what_is_no_number_is_passed_over(drawing):
    assert read_places(printed(drawing))[0] == {}


def test_each_sheet_says_its_own_text():
    content = printed(shown(1, 2, 1, at=100) + shown(0, 3, at=20), shown(11, 4, at=40), b"")
    texts = SheetTexts(content)
    assert [texts[index] for index in range(3)] == ["@0@\x001", "92", ""]

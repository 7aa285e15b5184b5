"""Where the numbers of the rows stand in a page that was printed to look for them.

By pikepdf, which takes a page apart in a fifth of pypdf's time. Only what Qt writes is read: texts
in fonts that say which letters their glyphs are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO

from pikepdf import Array, Object, Page, Pdf, parse_content_stream

from .heads import NUMBER, Place

Matrix = tuple[float, ...]  # a b c d e f, as PDF has them

AS_IT_IS: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
OPERATORS = "q Q cm BT ET Tf Tm Td Tj TJ"
# First and last glyph, and the letter of the first one, or those of all.
RANGES = re.compile(rb"<(\w{4})>\s*<(\w{4})>\s*(?:<(\w{4})>|\[([^\]]*)\])")


def read_places(content: bytes) -> tuple[dict[int, Place], float]:
    """Return where each number of ``heads.mark_rows`` stands, and the height of the first page.

    :param content: the PDF of a marked page
    """
    places: dict[int, Place] = {}
    with Pdf.open(BytesIO(content)) as pdf:
        for index, page in enumerate(pdf.pages):
            for text, height in _read_texts(page):
                for number in NUMBER.findall(text):
                    places.setdefault(int(number), Place(index, height))
        _left, bottom, _right, top = map(float, pdf.pages[0].mediabox)
    return places, top - bottom


def _read_texts(page: Page) -> Iterator[tuple[str, float]]:
    """Yield each text of a page, and its height above the edge of the page, in points."""
    fonts = {name: _read_letters(font) for name, font in page.resources.get("/Font", {}).items()}
    outer, kept, line, letters, text, height = AS_IT_IS, [], AS_IT_IS, {}, "", 0.0
    for operands, operator in parse_content_stream(page, OPERATORS):
        match str(operator):
            case "q":
                kept.append(outer)
            case "Q":
                outer = kept.pop() if kept else AS_IT_IS
            case "cm":
                outer = _multiply(_floats(operands), outer)
            case "BT":
                line, text = AS_IT_IS, ""
            case "Tm":
                line = _floats(operands)
            case "Td":
                line = _multiply((1.0, 0.0, 0.0, 1.0, *_floats(operands)), line)
            case "Tf":
                letters = fonts[str(operands[0])]
            case "ET":
                if text:
                    yield text, height
            case _:
                height = height if text else _multiply(line, outer)[5]
                text += _write(operands[0], letters)


def _read_letters(font: Object) -> Mapping[int, str]:
    """Return the letters of the glyphs of a font, as its table says."""
    table = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
    letters = {}
    for first, last, one, several in RANGES.findall(table):
        glyphs = range(int(first, 16), int(last, 16) + 1)
        named = re.findall(rb"\w{4}", several)
        codes = [int(code, 16) for code in named] or range(int(one, 16), int(one, 16) + len(glyphs))
        letters.update(zip(glyphs, map(chr, codes), strict=False))
    return letters


def _write(shown: Object, letters: Mapping[int, str]) -> str:
    """Return a text of glyphs of two bytes each, some of them with distances between."""
    parts = shown if isinstance(shown, Array) else [shown]
    glyphs = b"".join(bytes(part) for part in parts if isinstance(part, Object))
    pairs = zip(glyphs[::2], glyphs[1::2], strict=False)
    return "".join(letters.get(high << 8 | low, "") for high, low in pairs)


def _floats(operands) -> Matrix:
    return tuple(map(float, operands))


def _multiply(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = outer
    return (
        inner[0] * a + inner[1] * c,
        inner[0] * b + inner[1] * d,
        inner[2] * a + inner[3] * c,
        inner[2] * b + inner[3] * d,
        inner[4] * a + inner[5] * c + e,
        inner[4] * b + inner[5] * d + f,
    )

"""Texts of a printed page and their positions: for row numbers, in a page printed with them.

A page is opened by pikepdf and its content is parsed here: only what Qt writes is read, glyph by
glyph, in fonts with a table of their letters. With pikepdf's parser, which makes Python objects of
the content, it takes five times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from io import BytesIO

from pikepdf import Object, Page, Pdf

from .heads import NUMBER, Place, squeeze
from .mending import contents

Matrix = tuple[float, ...]  # a b c d e f, as in PDF
Letters = Mapping[bytes, str]  # by glyph: four hexadecimal digits in capitals

AS_IT_IS: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# First and last glyph, and the letter of the first one, or the letters of all.
RANGES = re.compile(rb"<(\w{4})>\s*<(\w{4})>\s*(?:<(\w{4})>|\[([^\]]*)\])")
# Font selection, or the glyphs that are shown.
TEXTS = re.compile(rb"/(\S+)\s+\S+\s+Tf\b|<([0-9A-Fa-f]+)>")
# Operators that move everything after them, with their operands, and a text with its whole content.
DRAWN = re.compile(
    rb"(?<![^\s])(?P<matrix>(?:[-+.\d]+\s+){6})cm(?=\s)|(?<![\w/])(?P<state>[qQ])(?=\s)"
    rb"|(?<![\w/])BT\s(?P<text>.*?)\sET(?=\s)",
    re.DOTALL,
)
# Operators that move a text, within it.
MOVED = re.compile(rb"(?:(?P<matrix>(?:[-+.\d]+\s+){6})Tm|(?P<step>(?:[-+.\d]+\s+){2})Td)(?=\s)")


def read_places(content: bytes) -> tuple[dict[int, Place], float]:
    """Return the position of each number of ``heads.mark_rows``, and the height of the first page.

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


class SheetTexts:
    """The text of each sheet of a PDF, as ``heads.squeeze`` leaves it, read when needed.

    :param content: the PDF
    """

    def __init__(self, content: bytes) -> None:
        self._content = content

    @cached_property
    def _pdf(self) -> Pdf:
        return Pdf.open(BytesIO(self._content))

    def __getitem__(self, index: int) -> str:
        page = self._pdf.pages[index]
        fonts, letters, texts = _get_fonts(page), {}, []
        for font, glyphs in TEXTS.findall(_get_drawing(page)):
            if font:
                letters = fonts.get(font, {})
            else:
                texts.append(_write(glyphs, letters))
        return squeeze("".join(texts))


def _read_texts(page: Page) -> Iterator[tuple[str, float]]:
    """Yield each text of a page, and its height above the bottom of the page, in points."""
    fonts, letters = _get_fonts(page), {}
    outer, kept = AS_IT_IS, []
    for found in DRAWN.finditer(_get_drawing(page) + b"\n"):
        if found["matrix"]:
            outer = _multiply(_floats(found["matrix"]), outer)
        elif found["state"] == b"q":
            kept.append(outer)
        elif found["state"]:
            outer = kept.pop() if kept else AS_IT_IS
        else:
            text = ""
            for font, glyphs in TEXTS.findall(found["text"]):
                if font:
                    letters = fonts.get(font, {})
                else:
                    text += _write(glyphs, letters)
            if text:
                yield text, _multiply(_find_start(found["text"]), outer)[5]


def _find_start(text: bytes) -> Matrix:
    """Return the matrix that positions the first glyph of a text."""
    line = AS_IT_IS
    for found in MOVED.finditer(text, 0, text.index(b"<")):
        if found["matrix"]:
            line = _floats(found["matrix"])
        else:
            line = _multiply((1.0, 0.0, 0.0, 1.0, *_floats(found["step"])), line)
    return line


def _get_drawing(page: Page) -> bytes:
    return b"\n".join(stream.read_bytes() for stream in contents(page))


def _get_fonts(page: Page) -> dict[bytes, Letters]:
    fonts = page.resources.get("/Font", {})
    return {name[1:].encode(): _read_letters(font) for name, font in fonts.items()}


def _read_letters(font: Object) -> Letters:
    """Return the letters of the glyphs of a font, from its ToUnicode table."""
    table = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
    letters = {}
    for first, last, one, several in RANGES.findall(table):
        glyphs = range(int(first, 16), int(last, 16) + 1)
        named = re.findall(rb"\w{4}", several)
        codes = [int(code, 16) for code in named] or range(int(one, 16), int(one, 16) + len(glyphs))
        names = (b"%04X" % glyph for glyph in glyphs)
        letters.update(zip(names, map(chr, codes), strict=False))
    return letters


def _write(glyphs: bytes, letters: Letters) -> str:
    """Return the text of a sequence of glyphs of two bytes each."""
    if len(glyphs) == 4:  # as written by Qt, one by one
        return letters.get(glyphs) or letters.get(glyphs.upper(), "")
    shown = glyphs.upper()
    return "".join(letters.get(shown[at : at + 4], "") for at in range(0, len(shown), 4))


def _floats(operands: bytes) -> Matrix:
    return tuple(map(float, operands.split()))


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

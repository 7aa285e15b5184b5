"""The font of what is drawn on a page that is already printed: that of the page, if possible.

Pages are laid out in the first of these families that the server has (``letter_page``); so is what
is drawn on them, with all its accents and narrow spaces. If none is installed, the standard font of
every PDF reader takes over, with the letters that it has.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")
FILES = (
    "Lato-Regular.ttf",
    "OpenSans-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "DejaVuSans.ttf",
)
STANDARD, ENCODING = "Helvetica", "cp1252"  # available in every reader
SPACES = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0"})
NAME = "DnPage"


def find_page_font(folders: tuple[str, ...] = FOLDERS) -> Path | None:
    """Return the file of the font in which pages are laid out, or None if none is installed."""
    for name in FILES:
        for folder in folders:
            for path in sorted(Path(folder).rglob(name)):
                return path
    return None


@cache
def get_page_font(folders: tuple[str, ...] = FOLDERS) -> str:
    """Return the name of the font of the pages in reportlab.

    >>> get_page_font(("/nowhere",))
    'Helvetica'
    """
    path = find_page_font(folders)
    if path is None:
        return STANDARD
    try:
        pdfmetrics.registerFont(TTFont(NAME, str(path)))
    except (TTFError, OSError):
        return STANDARD
    return NAME


def in_letters_of(text: str, font: str) -> str:
    """Return a text in the letters that a font has; others are replaced by the nearest.

    >>> in_letters_of("10\u202f000", STANDARD)
    '10\\xa0000'
    >>> in_letters_of("Łódź", STANDARD)
    '?ód?'
    """
    if font == STANDARD:
        return text.translate(SPACES).encode(ENCODING, "replace").decode(ENCODING)
    glyphs = pdfmetrics.getFont(font).face.charToGlyph
    spaces = {ord(space): " " for space in "\u202f\u2009\u00a0" if ord(space) not in glyphs}
    return text.translate(spaces)

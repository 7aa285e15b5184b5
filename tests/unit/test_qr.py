"""A QR code is, square by square, the one that the package qrcode draws by itself."""

import random

import pytest
import qrcode

from dossier.qr import MASK, make_code

LETTERS = "ABCXYZ abcé€\n:/"
DIGITS = "0123456789"


def read(text):
    """Return the squares of ``make_code`` as the package gives them."""
    size, rows = make_code(text)
    width = len(rows) // size
    lines = [rows[start : start + width] for start in range(0, len(rows), width)]
    return [
        [not line[place // 8] >> (7 - place % 8) & 1 for place in range(size)] for line in lines
    ]


def draw(text):
    code = qrcode.QRCode(border=0, mask_pattern=MASK)
    code.add_data(text)
    return code.get_matrix()


@pytest.mark.parametrize("seed", range(3))
def test_every_size_is_that_of_the_package(seed):
    chance = random.Random(seed)
    length, sizes = 1, set()
    while length < 900:
        kinds = chance.choice((LETTERS, DIGITS, LETTERS + DIGITS))
        text = "".join(chance.choices(kinds, k=length)) + chance.choice(("", "7" * 30))
        assert read(text) == draw(text)
        sizes.add(len(draw(text)))
        length = int(length * 1.25) + 1
    assert len(sizes) > 10


def test_text_that_fills_a_size_to_its_last_bit():
    for length in (14, 26, 42, 62, 213, 251, 331, 2331):  # bytes that codes of level M hold at most
        for text in ("é" * (length // 2) + "a" * (length % 2), "a" * length):
            assert read(text) == draw(text)


def test_text_that_no_code_holds_is_refused():
    with pytest.raises(qrcode.exceptions.DataOverflowError):
        make_code("é" * 1200)

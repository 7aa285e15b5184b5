"""QR codes by the hundred: as the package qrcode draws them, ten times as fast.

What it says of a code is used as it is: how a text is cut, the sizes, the blocks, the field of its
arithmetic, and where each bit is laid, which is learned once a size by drawing. Its division of
polynomials, term by term, is done by a table here; its squares are set all at once.
"""

from __future__ import annotations

from functools import cache
from itertools import zip_longest
from operator import itemgetter

import qrcode
from qrcode import base, util

MASK = 0  # rows and columns alternating: a reader takes any of the eight, and trying all is slow
CLASSES = ((1, 9), (10, 26), (27, 40))  # sizes that write the length of a text with as many bits
PADDING = (0xEC, 0x11)


class _Bits:
    """What a part of a text is written into, as the package's own buffer."""

    def __init__(self):
        self.value, self.length = 0, 0

    def put(self, number, length):
        self.value = self.value << length | number
        self.length += length


def make_code(text: str) -> tuple[int, bytes]:
    """Return a text as a QR code: its squares a side, and its rows, from the top.

    Correction of errors is of level M, as the package has it. A row is whole bytes, a bit a square,
    0 where it is dark; what fills the last byte up is 1.

    :raise qrcode.exceptions.DataOverflowError: the text is too long for any code
    """
    code = qrcode.QRCode(border=0, mask_pattern=MASK)
    code.add_data(text)
    version, words = _write(code)
    size, blank, lay = _learn(version, code.error_correction)
    bits = int.from_bytes(_correct(words, version, code.error_correction), "big")
    squares = lay(f"{1 << _count_bits(version, code.error_correction) | bits:b}")
    return size, (blank ^ int("".join(squares), 2)).to_bytes((size + 7) // 8 * size, "big")


def _write(code: qrcode.QRCode) -> tuple[int, bytes]:
    """Return the smallest size that holds the text of a code, and its words without correction."""
    for first, last in CLASSES:
        bits = _Bits()
        for part in code.data_list:
            bits.put(part.mode, 4)
            bits.put(len(part), util.length_in_bits(part.mode, first))
            part.write(bits)
        for version in range(first, last + 1):
            blocks = base.rs_blocks(version, code.error_correction)
            room = sum(block.data_count for block in blocks)
            if bits.length <= 8 * room:
                return version, _fill(bits, room)
    raise qrcode.exceptions.DataOverflowError


def _fill(bits: _Bits, room: int) -> bytes:
    """Return what was written with its end, filled up to so many words."""
    bits.put(0, min(8 * room - bits.length, 4))
    bits.put(0, -bits.length % 8)
    words = bits.value.to_bytes(bits.length // 8, "big")
    return words + bytes(PADDING * room)[: room - len(words)]


def _correct(words: bytes, version: int, level: int) -> bytes:
    """Return words and those that correct them, the blocks of a code interleaved."""
    parts, checks, start = [], [], 0
    for block in base.rs_blocks(version, level):
        part = words[start : start + block.data_count]
        start += block.data_count
        parts.append(part)
        checks.append(_divide(part, block.total_count - block.data_count))
    columns = [*zip_longest(*parts), *zip_longest(*checks)]
    return bytes(word for column in columns for word in column if word is not None)


def _divide(words: bytes, count: int) -> bytes:
    """Return the remainder of words divided by the polynomial of so many words of correction."""
    table, top = _tabulate(count), 8 * (count - 1)
    remainder, kept = 0, (1 << top) - 1
    for word in words:
        remainder = (remainder & kept) << 8 ^ table[remainder >> top ^ word]
    return remainder.to_bytes(count, "big")


@cache
def _tabulate(count: int) -> list[int]:
    """Return what each value of a first word takes off the ``count`` words after it."""
    divisor = base.Polynomial([1], 0)
    for power in range(count):
        divisor = divisor * base.Polynomial([1, base.gexp(power)], 0)
    logs = [base.glog(term) for term in list(divisor)[1:]]
    multiples = [bytes(base.gexp(base.glog(word) + log) for log in logs) for word in range(1, 256)]
    return [0, *(int.from_bytes(each, "big") for each in multiples)]


@cache
def _count_bits(version: int, level: int) -> int:
    """Return how many bits a code has beside its patterns."""
    return 8 * sum(block.total_count for block in base.rs_blocks(version, level))


@cache
def _learn(version: int, level: int) -> tuple[int, int, itemgetter]:
    """Return what tells how the package lays the bits of a code of this size.

    Codes are drawn whose bits are those of their own numbers, place by place of these: what changes
    in a square spells the number of the bit that is laid there, and 0 where there is none.

    :return: squares a side; the code without bits, as a number; what takes, of a bit that is always
        1 followed by all bits of a code, that of each square
    """
    count = _count_bits(version, level)
    size, plain = _draw(version, level, 0)
    numbers = [0] * len(plain)
    for place in range(count.bit_length()):
        word = "".join(str(number >> place & 1) for number in range(1, count + 1))
        _size, drawn = _draw(version, level, int(word, 2))
        for square, (before, after) in enumerate(zip(plain, drawn, strict=True)):
            numbers[square] |= (before != after) << place
    # A square without a bit takes the first, which is 1: the blank turns it to what it is.
    blank = "".join("01"[dark != bool(number)] for dark, number in zip(plain, numbers, strict=True))
    return size, int(blank, 2), itemgetter(*numbers)


def _draw(version: int, level: int, bits: int) -> tuple[int, list[bool]]:
    """Return the squares a side and the squares of a code, its rows filled up to whole bytes."""
    code = qrcode.QRCode(version, level, border=0)
    code.data_cache = bits.to_bytes(_count_bits(version, level) // 8, "big")
    code.makeImpl(False, MASK)
    filler = [False] * (-len(code.modules) % 8)
    return len(code.modules), [dark for row in code.modules for dark in [*row, *filler]]

"""What was sent, as one text that is always the same, and the chain of checksums.

A sent document is recorded as a *canonical record*: JSON with sorted keys, without spaces, amounts
and dates as text. Its SHA-256 is its checksum. The checksum of a *link* covers the number of the
record, its checksum and the previous link: changing, inserting or removing a record changes all the
links after it. A chain does not show that its last records are missing: a number and a checksum
printed elsewhere do.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

ORIGIN = "0" * 64  # the link before the first record of a chain


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal.

    >>> sha256(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def canonical(record: Any) -> str:
    """Return a record as its canonical text.

    :param record: dicts with text keys, lists, texts, whole numbers, booleans and None
    :raises TypeError: anything else, including a float: it is not always written the same way

    >>> canonical({"total": "12.50", "lines": [{"paid": False, "invoice": "F1"}]})
    '{"lines":[{"invoice":"F1","paid":false}],"total":"12.50"}'
    """
    _check(record)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key is a text, not {key!r}")
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif not isinstance(value, (str, int, type(None))):
        raise TypeError(f"not a text, a whole number, a boolean or None: {value!r}")


def link(previous: str, number: int, digest: str) -> str:
    """Return the checksum of a link of the chain.

    :param previous: checksum of the previous link, ``ORIGIN`` for the first
    :param number: number of the record in its chain, from 1
    :param digest: SHA-256 of its canonical text

    >>> link(ORIGIN, 1, sha256(b"a")) == link(ORIGIN, 2, sha256(b"a"))
    False
    """
    return sha256(f"{previous}\n{number}\n{digest}".encode())


@dataclass(frozen=True)
class Link:
    """One record of a chain: ``content`` is None once a retention rule has emptied it."""

    number: int
    digest: str
    total: str
    content: str | None


def find_fault(previous: Link | None, this: Link) -> str:
    """Return what is wrong with a link, or an empty string.

    :param previous: the previous link, None for the first of the chain
    :return: ``gap`` (a record is missing before it), ``chain`` (its checksum does not follow from
        the previous one), ``content`` (its text does not match its checksum)

    >>> first = Link(1, sha256(b"{}"), link(ORIGIN, 1, sha256(b"{}")), "{}")
    >>> find_fault(None, first), find_fault(first, first)
    ('', 'gap')
    """
    number, total = (previous.number, previous.total) if previous else (0, ORIGIN)
    if this.number != number + 1:
        return "gap"
    if this.total != link(total, this.number, this.digest):
        return "chain"
    if this.content is not None and sha256(this.content.encode()) != this.digest:
        return "content"
    return ""


def differing(kept: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Return the names of the differing fields of two records, in alphabetical order.

    >>> differing({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4})
    ['b', 'c']
    """
    names = sorted(kept.keys() | found.keys())
    return [name for name in names if kept.get(name) != found.get(name)]


def group_digits(digest: str) -> str:
    """Return a checksum in groups of sixteen characters, for a page: easy to compare and to wrap.

    >>> group_digits("a" * 32)
    'aaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaa'
    """
    return " ".join(digest[start : start + 16] for start in range(0, len(digest), 16))

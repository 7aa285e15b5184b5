"""What left, as one text that is always the same, and the chain of the sums.

A document that left is written down as a *canonical record*: JSON with its keys sorted, without
spaces, amounts and dates as text. Its SHA-256 is its sum. The sum of a *link* covers the number of
the record, its sum and the link before: whoever changes, inserts or takes out a record changes all
the links after it. What a chain does not show is that its last records are missing: a number and a
sum printed elsewhere show it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

ORIGIN = "0" * 64  # what comes before the first record of a chain


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal.

    >>> sha256(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def canonical(record: Any) -> str:
    """Return a record as its canonical text.

    :param record: dicts with text keys, lists, texts, whole numbers, booleans and None
    :raises TypeError: anything else, a float among others: it is not always written the same

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
    """Return the sum of a link of the chain.

    :param previous: sum of the link before, ``ORIGIN`` for the first
    :param number: number of the record in its chain, from 1
    :param digest: SHA-256 of its canonical text

    >>> link(ORIGIN, 1, sha256(b"a")) == link(ORIGIN, 2, sha256(b"a"))
    False
    """
    return sha256(f"{previous}\n{number}\n{digest}".encode())


@dataclass(frozen=True)
class Link:
    """One record of a chain: ``content`` is None once a retention rule emptied it."""

    number: int
    digest: str
    total: str
    content: str | None


def find_fault(previous: Link | None, this: Link) -> str:
    """Return what does not hold in a link, or an empty text.

    :param previous: the link before it, None for the first of the chain
    :return: ``gap`` (a record is missing before it), ``chain`` (its sum does not follow from the
        one before), ``content`` (its text does not have its sum)

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
    """Return the names of what differs between two records, in alphabetical order.

    >>> differing({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4})
    ['b', 'c']
    """
    names = sorted(kept.keys() | found.keys())
    return [name for name in names if kept.get(name) != found.get(name)]


def group_digits(digest: str) -> str:
    """Return a sum in groups of sixteen characters, for a page: it is compared, and it wraps.

    >>> group_digits("a" * 32)
    'aaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaa'
    """
    return " ".join(digest[start : start + 16] for start in range(0, len(digest), 16))

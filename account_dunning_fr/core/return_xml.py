"""Safe reading of a bank's message (ISO 20022): no entity, no document type, nothing fetched."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

MOST_BYTES = 10_000_000
_SUM_MOST = Decimal(10) ** 13


class NotReturnsError(ValueError):
    """The file tells of no debits: « xml », « size », « kind » or « transfers », as its text."""


def parse(content: bytes) -> etree._Element:
    """Return the root of a message, its elements named without their namespace.

    :raises NotReturnsError: it is too large or no XML, or it declares a document type
    """
    if len(content) > MOST_BYTES:
        raise NotReturnsError("size")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotReturnsError("xml") from error
    if root.getroottree().docinfo.doctype:
        raise NotReturnsError("xml")
    for each in root.iter(etree.Element):
        each.tag = etree.QName(each).localname
    return root


def text_of(node: etree._Element, *paths: str) -> str:
    """Return the first text that stands under one of these paths, or an empty one."""
    for path in paths:
        if text := (node.findtext(path) or "").strip():
            return text
    return ""


def texts_of(node: etree._Element, *paths: str) -> str:
    """Return all that stands under these paths, in one text."""
    found = [each.text or "" for path in paths for each in node.iterfind(path)]
    return " ".join(" ".join(found).split())


def day_of(node: etree._Element, *paths: str) -> date | None:
    """Return the first day that stands under one of these paths; None unless it is one."""
    try:
        return date.fromisoformat(text_of(node, *paths)[:10])
    except ValueError:
        return None


def sum_of(node: etree._Element, *paths: str) -> tuple[Decimal, str] | None:
    """Return the first amount under one of these paths and its currency.

    :return: None where there is none, or where it is not a positive number
    """
    found = next((each for each in map(node.find, paths) if each is not None), None)
    if found is None:
        return None
    try:
        amount = Decimal((found.text or "").strip())
    except InvalidOperation:
        return None
    good = amount.is_finite() and 0 < amount < _SUM_MOST
    return (Decimal(f"{amount.normalize():f}"), found.get("Ccy", "")) if good else None

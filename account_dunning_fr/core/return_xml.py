"""Reads texts, days and amounts from the elements of a bank's message (ISO 20022).

An element is one of lxml, all of them named without their namespace.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

_SUM_MOST = Decimal(10) ** 13


class NotReturnsError(ValueError):
    """The file holds no debits: its text is « size », « kind » or « transfers »."""


def text_of(node: Any, *paths: str) -> str:
    """Return the first text found under one of these paths, or an empty string."""
    for path in paths:
        if text := (node.findtext(path) or "").strip():
            return text
    return ""


def texts_of(node: Any, *paths: str) -> str:
    """Return everything found under these paths, as one text."""
    found = [each.text or "" for path in paths for each in node.iterfind(path)]
    return " ".join(" ".join(found).split())


def day_of(node: Any, *paths: str) -> date | None:
    """Return the first day found under one of these paths; None if it is not a valid day."""
    try:
        return date.fromisoformat(text_of(node, *paths)[:10])
    except ValueError:
        return None


def sum_of(node: Any, *paths: str) -> tuple[Decimal, str] | None:
    """Return the first amount under one of these paths and its currency.

    :return: None if there is none, or if it is not a positive number
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

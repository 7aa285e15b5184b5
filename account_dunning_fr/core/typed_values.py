"""What an unknown person typed in a web form: an amount, a day, a number, a text.

Every input is either read, or refused with one word.

>>> read_day("2026-06-09"), read_amount("12,5")
(datetime.date(2026, 6, 9), Decimal('12.50'))
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

TEXT_MOST = 2000  # characters


class RefusedError(ValueError):
    """Why a value is refused; ``args[0]`` is one word, which a page turns into a sentence."""


def read_amount(text: object, places: int = 2) -> Decimal | None:
    """Return an amount as typed, None if nothing was typed.

    :param places: decimals of its currency
    :raises RefusedError: ``amount``: not an amount, or one that is zero, negative or infinite

    >>> read_amount("1 234,5 €"), read_amount("")
    (Decimal('1234.50'), None)
    >>> read_amount("1,250", 3), read_amount("800", 0)
    (Decimal('1.250'), Decimal('800'))
    """
    if text is None or text == "":
        return None
    if not isinstance(text, str) or len(text) > 30:
        raise RefusedError("amount")
    plain = re.sub(r"[\s\u00a0\u202f€]", "", text).replace(",", ".")
    if not plain:
        return None
    decimals = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    if not re.fullmatch(rf"[0-9]{{1,9}}{decimals}", plain):
        raise RefusedError("amount")
    amount = Decimal(plain).quantize(Decimal(1).scaleb(-places))
    if not amount:
        raise RefusedError("amount")
    return amount


def read_day(text: object) -> date:
    """Return a day as sent by a web form.

    :raises RefusedError: ``day``

    >>> read_day("2026-06-09")
    datetime.date(2026, 6, 9)
    """
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise RefusedError("day")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RefusedError("day") from error


def read_count(text: object) -> int:
    """Return a number of instalments as typed.

    :raises RefusedError: ``count``
    """
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,3}", text.strip()):
        raise RefusedError("count")
    return int(text)


def read_id(text: object) -> int:
    """Return a record id as given in a URL or a form; 0, which no record has, for anything else.

    >>> read_id("12"), read_id("-1"), read_id("9" * 10)
    (12, 0, 0)
    """
    return int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,9}", text) else 0


def read_text(text: object, most: int = TEXT_MOST) -> str:
    """Return what was typed in a field, without invisible characters; empty if nothing was.

    :raises RefusedError: ``text``: not a text, or too long

    >>> read_text("  Bonjour\\u202e \\r\\n à vous ")
    'Bonjour\\n à vous'
    """
    if text is None:
        return ""
    if not isinstance(text, str) or len(text) > most:
        raise RefusedError("text")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(
        char for char in lines if char in "\n\t" or not unicodedata.category(char).startswith("C")
    )
    return "\n".join(line.rstrip() for line in seen.split("\n")).strip()

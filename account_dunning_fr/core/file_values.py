"""Days and amounts as files of other programs write them, in French or as standards do."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from dateutil.tz import gettz

from .checks import FIRST_YEAR, LARGEST, LAST_YEAR
from .money import ZERO

PARIS = gettz("Europe/Paris")


class Problem(NamedTuple):
    """A line that cannot be used: its number in the file, the reason, and what it contains.

    Each reader has its own reasons, listed where it returns them.
    """

    line: int
    reason: str
    value: str


def plain_text(text: str) -> str:
    """Return a file's text without byte order mark or NUL characters, trimmed.

    >>> plain_text("\\ufeffa;b\\0\\n")
    'a;b'
    """
    return text.removeprefix("\ufeff").replace("\0", "").strip()


def decode(content: bytes) -> str:
    """Return the text of a CSV: in UTF-8, else in the encoding of a French spreadsheet.

    >>> decode("Définancée".encode("cp1252")) == decode("\ufeffDéfinancée".encode())
    True
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def find_delimiter(text: str) -> str:
    """Return the column separator of a CSV, from its first line: semicolon, comma or tab.

    >>> find_delimiter("a,b;c;d\\n1,2,3,4")
    ';'
    """
    return max(";,\t", key=text.partition("\n")[0].count)


def read_moment(text: str) -> tuple[date, datetime | None] | None:
    """Return the day in France and, if given, the moment in UTC; None for anything but a date.

    A moment without a time zone is in French time.

    >>> read_moment("12/11/2026"), read_moment("31/02/2026")
    ((datetime.date(2026, 11, 12), None), None)
    """
    for shape in ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d"):
        try:
            day = datetime.strptime(text, shape).date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
        return (day, None) if FIRST_YEAR <= day.year <= LAST_YEAR else None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
    return french_day(moment), moment.astimezone(timezone.utc).replace(tzinfo=None)


def french_day(moment: datetime) -> date:
    """Return the day of a moment in France; a moment without a time zone is in UTC.

    >>> french_day(datetime(2026, 11, 11, 23, 30))
    datetime.date(2026, 11, 12)
    """
    return (
        (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).astimezone(PARIS).date()
    )


def read_amount(text: str) -> Decimal | None:
    """Return an amount, zero if none is given; None for anything but an amount.

    >>> read_amount("1 234,50 €"), read_amount(""), read_amount("a lot")
    (Decimal('1234.50'), Decimal('0'), None)
    """
    spaceless = "".join(text.split()).removesuffix("€")
    if "," in spaceless and "." not in spaceless:
        spaceless = spaceless.replace(",", ".")
    try:
        amount = Decimal(spaceless or "0")
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and ZERO <= amount < LARGEST else None

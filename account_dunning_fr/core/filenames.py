"""Names of files that every system and every mailbox accept.

Accents are folded, since old unzip programs garble them; what Windows refuses is replaced; a name
stays short enough for a folder within a folder.

>>> safe_name("Pièce 3 : facture FAC/2026/0001", "pdf")
'Piece-3-facture-FAC-2026-0001.pdf'
"""

from __future__ import annotations

import re
import unicodedata

LENGTH = 80  # characters with the extension; Windows stops at 260 for the whole path
RESERVED = {"CON", "PRN", "AUX", "NUL"} | {
    f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)
}
FORBIDDEN = re.compile(r'[/\\<>:"|?*\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
EXTENSION = re.compile(r"[a-z0-9]{1,8}")


def safe_name(title: str, extension: str) -> str:
    """Return a safe file name for a title.

    :param title: any text
    :param extension: without its dot; anything odd in it becomes "bin"

    >>> safe_name("CON", "pdf"), safe_name("../..", "PDF"), safe_name("x", "p/f")
    ('CON-.pdf', 'document.pdf', 'x.bin')
    """
    extension = extension.lower()
    if not EXTENSION.fullmatch(extension):
        extension = "bin"
    plain = unicodedata.normalize("NFKD", title.replace("œ", "oe").replace("Œ", "OE"))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).replace("°", "")
    stem = re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-")
    stem = stem[: LENGTH - len(extension) - 1].rstrip("-") or "document"
    if stem.split("_")[0].upper() in RESERVED:
        stem += "-"
    return f"{stem}.{extension}"


def written_name(title: str, extension: str = "") -> str:
    """Return the name of a file as a person reads it: with its accents and its spaces.

    :param title: any text; characters that systems refuse become hyphens, and it is cut to length
    :param extension: without its dot, "" if it is added later

    >>> written_name("Première relance REL/2026/0001", "pdf"), written_name("../x")
    ('Première relance REL-2026-0001.pdf', '-x')
    """
    ending = f".{extension}" if extension else ""
    stem = " ".join(FORBIDDEN.sub("-", title).split()).lstrip(".")
    stem = stem[: LENGTH - len(ending)].strip(". ") or "document"
    return f"{stem}{ending}"


def received_name(name: str, extension: str) -> str:
    """Return the name under which a file that somebody sent is kept.

    :param name: the sender's name for it, perhaps a path, with any extension
    :param extension: the one matching its content

    >>> received_name("C:\\\\me\\\\photo.html", "jpg"), received_name("", "pdf")
    ('photo.jpg', 'document.pdf')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, _dot, rest = last.rpartition(".")
    return written_name((stem or rest)[:60], extension)


def numbered_name(number: int, title: str, extension: str, count: int = 99) -> str:
    """Return the name of a numbered piece; the numbers sort as text.

    >>> numbered_name(3, "Facture", "pdf"), numbered_name(3, "Facture", "pdf", count=120)
    ('03_Facture.pdf', '003_Facture.pdf')
    """
    width = max(2, len(str(count)))
    return safe_name(f"{number:0{width}}_{title}", extension)

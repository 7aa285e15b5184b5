"""What a judgment published in the BODACC does, from the words of its nature and its family.

The register's list of natures grew over the years, with and without accents: words decide, not the
whole sentence. What is not understood is « other », for a person to read.

Steps: ``open`` (proceedings are opened or extended), ``convert`` (into another kind), ``plan`` (a
plan is adopted, changed or ended with nothing after it), ``close``, ``annul`` (a judgment is set
aside, or its publication is) and ``other``. Kinds: ``safeguard``, ``receivership``,
``liquidation``, empty if the words name none.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

OPEN, CONVERT, PLAN, CLOSE, ANNUL, OTHER = "open", "convert", "plan", "close", "annul", "other"
KINDS = (
    ("liquidation judiciaire", "liquidation"),
    ("redressement judiciaire", "receivership"),
    ("sauvegarde", "safeguard"),
)
# Not collective proceedings in which claims are declared, whatever the sentence begins with.
ASIDE = ("retablissement professionnel", "conciliation", "faillite personnelle", "interdiction")
SET_ASIDE = ("retractation", "infirm", "annul", "reform")
PRONOUNCED = ("prononcant la liquidation", "et la liquidation judiciaire", "ouvrant la liquidation")


class Judgment(NamedTuple):
    """What a judgment does, and the kind of proceedings from then on."""

    step: str
    kind: str


def classify(family: str, nature: str) -> Judgment:
    """Return what a judgment does.

    :param family: « famille » of the notice, such as « Jugement d'ouverture »
    :param nature: « nature » of the notice

    >>> classify("Jugement d'ouverture", "Jugement d'ouverture de liquidation judiciaire")
    Judgment(step='open', kind='liquidation')
    >>> classify("Jugement prononçant", "Jugement de conversion en liquidation judiciaire")
    Judgment(step='convert', kind='liquidation')
    >>> classify("Jugement de clôture", "Jugement de clôture pour insuffisance d'actif").step
    'close'
    """
    family, words = fold(family), fold(nature)
    step = _step(family, words)
    if step == CONVERT:
        words = words.partition("conversion en ")[2] or words
    return Judgment(step, "" if step == OTHER else _kind(words))


def _step(family: str, words: str) -> str:
    both = f"{family} {words}"
    if any(word in both for word in SET_ASIDE):
        return ANNUL
    if any(word in words for word in ASIDE):
        return OTHER
    for word, step in (("clotur", CLOSE), ("conversion", CONVERT)):
        if word in both:
            return step
    if any(word in words for word in PRONOUNCED):
        return CONVERT if "plan" in words else OPEN
    if "plan" in words.replace("planifi", ""):
        return PLAN
    opened = "ouverture" in both or "ouvrant" in words or "extension" in words
    return OPEN if opened and _kind(words) else OTHER


def _kind(words: str) -> str:
    """Return the kind that is named first: « … en liquidation judiciaire de la sauvegarde »."""
    found = [(words.find(word), kind) for word, kind in KINDS if word in words]
    return min(found)[1] if found else ""


def fold(text: str) -> str:
    """Return a text in lower case, without accents, on one line.

    Text that another program wrote in the wrong encoding (« clÃ´ture ») is repaired.

    >>> fold("Jugement de CLÔTURE"), fold("clÃ´ture")
    ('jugement de cloture', 'cloture')
    """
    plain = unicodedata.normalize("NFKD", _mended(text).replace("’", "'"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).lower().split())


def _mended(text: str) -> str:
    if "Ã" not in text:
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text

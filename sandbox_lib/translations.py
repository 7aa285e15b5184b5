"""``./sandbox translate``: update the addons' terms in their translation files."""

import re
from pathlib import Path

import polib

from .places import ADDONS, Places
from .processes import run_shown
from .session import Session

# Odoo writes its own files with this width.
_WIDTH = 78
# French typography: nothing that a translator should have to remember.
_NBSP = "\u00a0"
# Markup or code in a term, which keeps its spaces and quotes.
_CODE = re.compile(r"(<[^>]*>|\{\{.*?\}\}|%\(\w+\)[sd]|https?://\S+|\w+\('[^)]*\))")
_RULES = (
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_«“])"), "’"),
    (re.compile(r" (?=[:;?!»](?:[\s<\".,)]|$))"), _NBSP),
    (re.compile(r"« "), f"«{_NBSP}"),
    (re.compile(r"(?<=\d) (?=[€%](?:[\s.,;)]|$))"), _NBSP),
    (re.compile(r"^ (?=%%)"), _NBSP),
    (re.compile(r"\bn° "), f"n°{_NBSP}"),
    (re.compile(r"(?<![\w.])([LRD])(?:\. ?)?(?=\d{3,4}-\d)"), rf"\1.{_NBSP}"),
    (re.compile(r"\bart\. (?=[LRD\d])"), f"art.{_NBSP}"),
)


def run_translate(places: Places) -> int:
    """Export the terms, keep existing French translations, and return 1 if some are missing."""
    with Session(places, "translate") as session:
        odoo = session.odoo
        database = session.databases.fresh("i18n", addons=ADDONS)
        environment = odoo.environment(database)
        worst = 0
        for addon in ADDONS:
            folder = places.root / addon / "i18n"
            folder.mkdir(exist_ok=True)
            template = folder / f"{addon}.pot"
            export = odoo.argv("odoo", "i18n", "export", "-d", database, "-o", template, addon)
            code = run_shown(export, environment, places.root) or merge(template, folder / "fr.po")
            worst = max(worst, code)
        return worst


def merge(template: Path, translation: Path) -> int:
    """Rewrite ``translation``, and print missing translations and those no longer used.

    A term that is no longer in the template is dropped, and printed: its French may be useful for
    the term that replaced it. Nothing is guessed.

    :return: 1 if any term has no translation, or 0, as an exit code
    """
    terms = polib.pofile(str(template), wrapwidth=_WIDTH)
    old = polib.POFile(wrapwidth=_WIDTH)  # an addon that was never translated
    if translation.exists():
        old = polib.pofile(str(translation), wrapwidth=_WIDTH)
    known = {entry.msgid: entry for entry in old if entry.msgstr}
    for entry in terms:
        found = known.pop(entry.msgid, None)
        entry.msgstr = set_french(found.msgstr) if found else ""
        entry.tcomment = found.tcomment if found else ""
    dates = {key: terms.metadata[key] for key in ("POT-Creation-Date", "PO-Revision-Date")}
    terms.metadata = {**terms.metadata, "Language": "fr", **old.metadata, **dates}
    terms.header = old.header
    terms.save(str(translation))
    for entry in known.values():
        print(f"no longer used: {entry.msgid!r}\n    was: {entry.msgstr!r}")
    missing = [entry.msgid for entry in terms if not entry.msgstr]
    for msgid in missing:
        print(f"without translation: {msgid!r}")
    print(f"{translation.name}: {len(terms)} terms, {len(missing)} without translation")
    return int(bool(missing))


def set_french(text: str) -> str:
    """Return a French term with its apostrophes, non-breaking spaces and articles.

    >>> set_french("L'article L441-10 : 40 € « nets »").replace("\\u00a0", "~")
    'L’article L.~441-10~: 40~€ «~nets~»'
    >>> set_french("<t t-out=\\"o['a']\\" /> : oui").replace("\\u00a0", "~")
    '<t t-out="o[\\'a\\']" />~: oui'
    """
    parts = _CODE.split(text)
    for place in range(0, len(parts), 2):
        for pattern, replacement in _RULES:
            parts[place] = pattern.sub(replacement, parts[place])
    return "".join(parts)

"""Bring a translation file up to date with a template, by exact term.

Runs inside the private Python environment: ``python -m sandbox_lib.translations_driver POT PO``.
"""

import sys
from pathlib import Path

import polib

from .typography import set_french

# Odoo writes its own files to this width.
_WIDTH = 78


def main(template: Path, translation: Path) -> int:
    """Write ``translation`` anew and print what it lacks, with what it no longer holds.

    A term that is not in the template any more is given up, and printed: its French may serve the
    term that took its place. Nothing is guessed.

    :return: how many terms have no translation, at most 1 as an exit code
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


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

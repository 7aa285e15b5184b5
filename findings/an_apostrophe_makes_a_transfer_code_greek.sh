#!/usr/bin/env bash
# segno 1.6.6 and zxing-cpp 3.1.1 (both PyPI): the code of a SEPA transfer (EPC 069-12), whose third row names the
# character set of the rest (1 is UTF-8, 2 is ISO 8859-1, 6 is ISO 8859-7, Greek, 8 is ISO 8859-15).
# Seen on 28 November 2026:
# - left to choose, segno tries seven sets of ISO 8859 before UTF-8: « Facture d’octobre » (typographic apostrophe) and
#   « Solde 40 € » go out in Greek, the same texts with an accent in UTF-8 and in ISO 8859-15;
# - zxing-cpp, which knows nothing of that row, reads « Facture d¢octobre », « Solde 40 ¤ », « Indemnité 40 ¤ » and
#   « ¼uvre no 12 »; what went out in UTF-8, or in ISO 8859-1 (« Reçu »), it reads as it was written;
# - with encoding="utf-8" every one of them is read as written.
# What follows: the set is given, and never left to be guessed, or the reference that the debtor's bank passes on is not
# the one that the letter bears.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet segno==1.6.6 zxing-cpp==3.1.1 pillow==13.0.0
"$folder/env/bin/python" - <<'PY'
import io

import segno.helpers
import zxingcpp
from PIL import Image

ACCOUNT = {"name": "CREANCIER SARL", "iban": "FR7630006000011234567890189", "amount": "1250.50"}


def read(text, **options):
    """Return the row of the set and the text, as a reader of QR codes gives them."""
    stream = io.BytesIO()
    segno.helpers.make_epc_qr(text=text, **ACCOUNT, **options).save(stream, kind="png", scale=4, border=4)
    [found] = zxingcpp.read_barcodes(Image.open(stream).convert("L"))
    rows = found.text.split("\n")
    print(text, "| set", rows[2], "| read as", rows[-1])
    return rows[2], rows[-1]


SEEN = {
    "Reçu 12": ("2", "Reçu 12"),
    "Facture d’octobre": ("6", "Facture d¢octobre"),
    "Solde 40 €": ("6", "Solde 40 ¤"),
    "Facture d’août": ("1", "Facture d’août"),
    "Indemnité 40 €": ("8", "Indemnité 40 ¤"),
    "Œuvre no 12": ("8", "¼uvre no 12"),
}
for text, seen in SEEN.items():
    assert read(text) == seen
    assert read(text, encoding="utf-8") == ("1", text)
print("As seen.")
PY

#!/usr/bin/env bash
# num2words 0.5.14 (PyPI): a sum of money in French words, as an acknowledgement of debt must bear it
# (C. civ. 1376: words and figures; the words win where they differ).
# Seen on 27 November 2026, with to="currency", currency="EUR", lang="fr":
# - the whole number 40 is « zéro euros et quarante centimes », 40.0 is « quarante euros et zéro centimes »:
#   the same sum in words differs a hundredfold by the type of the number;
# - a million is « un million euros », without « d’ »;
# - zero and a half take the plural (« zéro euros »), which French does not.
# What follows: words of a sum are made by code that takes a Decimal, and tested back from words to figures.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet num2words==0.5.14
"$folder/env/bin/python" - <<'PY'
from decimal import Decimal

from num2words import num2words


def words(value):
    said = num2words(value, lang="fr", to="currency", currency="EUR")
    print(repr(value), "|", said)
    return said


assert words(40) == "zéro euros et quarante centimes"
assert words(40.0) == "quarante euros et zéro centimes"
assert words(Decimal("1000000.00")).startswith("un million euros")
assert words(0.5).startswith("zéro euros")
print("As seen.")
PY

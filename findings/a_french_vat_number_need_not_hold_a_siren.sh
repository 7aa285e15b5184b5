#!/usr/bin/env bash
# python-stdnum 2.2 (PyPI): reading a SIREN out of a French VAT number.
# Seen on 27 November 2026:
# - stdnum.fr.tva calls FR40000066034 valid: it is a number of Monaco (no SIREN stands behind one that begins with
#   000, and the library checks none there by design); its nine digits are no SIREN for stdnum.fr.siren, and
#   stdnum.mc.tva calls the same text valid;
# - stdnum.fr.siren calls 000000000 valid: its Luhn sum is zero;
# - the SIRET 35600000049837 of an agency of La Poste is valid, the plain Luhn sum of its fourteen digits is not a
#   multiple of ten.
# What follows: nine digits behind « FR » are a SIREN only where stdnum.fr.siren says so, and never all zeros.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet python-stdnum==2.2
"$folder/env/bin/python" - <<'PY'
from stdnum import luhn
from stdnum.fr import siren, siret, tva
from stdnum.mc import tva as monaco

number = "FR40000066034"
print(number, "fr.tva", tva.is_valid(number), "mc.tva", monaco.is_valid(number), "fr.siren", siren.is_valid(number[4:]))
assert tva.is_valid(number) and monaco.is_valid(number) and not siren.is_valid(number[4:])
print("000000000 fr.siren", siren.is_valid("000000000"))
assert siren.is_valid("000000000")
post = "35600000049837"
print(post, "fr.siret", siret.is_valid(post), "luhn", luhn.is_valid(post))
assert siret.is_valid(post) and not luhn.is_valid(post)
print("As seen.")
PY

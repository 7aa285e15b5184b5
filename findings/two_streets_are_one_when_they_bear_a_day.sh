#!/usr/bin/env bash
# AdresseParser 1.0.9 (PyPI): takes French addresses apart and says whether two of them are the same; given streets named after a day
# (rue du 8 Mai 1945, du 11 Novembre 1918, du 4 Septembre: hardly a French town is without one), and numbers with a letter (doors of
# one building: 4 A, 4 C; B and T may also be short for « bis » and « ter »).
# Seen on 29 November 2026, without an error but the last:
# - the street keeps the month: « RUE MAI », « RUE NOVEMBRE », « PLACE JUILLET »; « 3 rue du 8 Mai 1945 » and « 3 rue du 28 Mai 1871 » of one
#   town are the same address;
# - the letter C becomes TER, as T does, and D QUATER: « 4 C » and « 4 ter » are the same address; 4 A is number 4 of « RUE A PORT », and
#   12-14 is number 12 of « RUE -PORT »;
# - of « 69251 LYON CEDEX 03 » the CEDEX is in no field;
# - an address overseas is none: a KeyError for each code that begins with 97 or 98.
# What follows: an address is printed as it was typed, line by line; that two customers live at one address is never concluded from
# its parts, and a letter to a street that does not exist is no formal notice.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile AdresseParser==1.0.9 pandas==3.1.1
"$folder/env/bin/python" -W ignore - <<'PY'
from AdresseParser import AdresseParser

parser = AdresseParser()


def read(address):
    """Return number, its addition and the street, as they are found."""
    found = parser.parse(address)
    street = found["rue"]
    print(f"{address}: {found['numero']} {found['indice'] or ''} {street['type']} {street['nom']}, {found['ville']['nom']}")
    return found["numero"], found["indice"], f"{street['type']} {street['nom']}"


DAYS = {
    "3 rue du 8 Mai 1945 35000 Rennes": "RUE MAI", "3 rue du 11 Novembre 1918 69001 Lyon": "RUE NOVEMBRE",
    "3 place du 14 Juillet 33000 Bordeaux": "PLACE JUILLET", "25 rue du 4 Septembre 75002 Paris": "RUE SEPTEMBRE",
}  # fmt: skip
for address, street in DAYS.items():
    assert read(address)[2] == street
NUMBERS = {
    "4 C": ("4", "TER", "RUE PORT"), "4 T": ("4", "TER", "RUE PORT"), "4 D": ("4", "QUATER", "RUE PORT"),
    "4 A": ("4", None, "RUE A PORT"), "12-14": ("12", None, "RUE -PORT"), "4 bis": ("4", "BIS", "RUE PORT"),
}  # fmt: skip
for number, parts in NUMBERS.items():
    assert read(f"{number} rue du Port 35000 Rennes") == parts

PAIRS = {
    ("3 rue du 8 Mai 1945 35000 Rennes", "3 rue du 28 Mai 1871 35000 Rennes"): True,
    ("4 C rue du Port 35000 Rennes", "4 ter rue du Port 35000 Rennes"): True,
    ("4 C rue du Port 35000 Rennes", "4 bis rue du Port 35000 Rennes"): False,
    ("3 rue du Port 35000 Rennes", "5 rue du Port 35000 Rennes"): False,
}
for pair, same in PAIRS.items():
    print(*pair, "the same:", parser.compare(*pair), sep=" | ")
    assert parser.compare(*pair) is same

firm = parser.parse("1 rue du Port 69251 LYON CEDEX 03")
print(firm)
assert firm["ville"]["nom"] == "LYON" and firm["cedex"] == [] and "03" not in str(firm)
for place in ("97410 Saint Pierre", "97300 Cayenne", "97600 Mamoudzou", "98800 Noumea"):
    try:
        parser.parse(f"1 rue du Port {place}")
    except KeyError as error:
        print(place, "KeyError", error)
    else:
        raise SystemExit(f"{place} is known.")
print("As seen.")
PY

#!/usr/bin/env bash
# django-localflavor 5.1 and python-stdnum 2.2 (PyPI): the SIRET of La Poste, which posts every registered letter: of its seat,
# 356 000 000 00048, whose figures follow the common rule (Luhn), and of an office, 356 000 000 49837, which follow the rule
# of their own (their sum is a multiple of five).
# Seen on 28 November 2026:
# - the form field of localflavor refuses the seat: the rule of the offices is asked of every number that begins with 356000000,
#   that of the seat adds up to 26;
# - it takes an office, and so does stdnum, which takes the seat too;
# - both take 356 000 000 48837 neither.
# What follows: a creditor, debtor or payer is not refused for one rule; its number holds if either does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile django==5.2 django-localflavor==5.1 python-stdnum==2.2
"$folder/env/bin/python" - <<'PY'
import django
from django.conf import settings
from django.core.exceptions import ValidationError

settings.configure()
django.setup()

from localflavor.fr.forms import FRSIRETField
from stdnum import luhn
from stdnum.fr import siret

SEAT, OFFICE, WRONG = "35600000000048", "35600000049837", "35600000048837"


def is_taken(number):
    try:
        return FRSIRETField().clean(number) == number
    except ValidationError:
        return False


for name, number in (("seat", SEAT), ("office", OFFICE), ("wrong", WRONG)):
    total = sum(map(int, number))
    print(name, number, "luhn", luhn.is_valid(number), "sum", total, "stdnum", siret.is_valid(number), "field", is_taken(number))
assert [luhn.is_valid(each) for each in (SEAT, OFFICE, WRONG)] == [True, False, False]
assert [siret.is_valid(each) for each in (SEAT, OFFICE, WRONG)] == [True, True, False]
assert [is_taken(each) for each in (SEAT, OFFICE, WRONG)] == [False, True, False]
assert sum(map(int, SEAT)) == 26
print("As seen.")
PY

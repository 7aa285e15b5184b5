#!/usr/bin/env bash
# schwifty 2026.10.1 and python-stdnum 2.2 (PyPI): IBANs of overseas France. In the registry of ISO 13616 the banks of
# Guadeloupe, La Réunion, New Caledonia … are under FR; no IBAN begins with their own country's letters.
# Seen on 28 November 2026:
# - schwifty makes, and calls valid, IBANs that begin with GP, MQ, GF, RE, YT, PM, BL, MF, NC, PF, WF, TF, also with the
#   national check asked for (it warns that there is none for them); python-stdnum knows none of these letters;
# - asked for the same bank, branch and account under FR and under RE, schwifty ends the one with the RIB key (89) and
#   the other with 00, a key that no bank gives;
# - without the option, both call an IBAN of FR valid whose RIB key is wrong: only the two digits of ISO 7064 are looked at.
# What follows: an account typed for a letter deserves the check of its RIB key, and an overseas one begins with FR.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet schwifty==2026.10.1 python-stdnum==2.2
"$folder/env/bin/python" -W ignore - <<'PY'
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import iban

PLACES = ("GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF")
PARTS = {"bank_code": "30006", "branch_code": "00001", "account_code": "12345678901"}
for place in PLACES:
    made = IBAN.generate(place, **PARTS)
    print(place, made, IBAN(str(made), validate_bban=True).is_valid, iban.is_valid(str(made)))
    assert made.is_valid and not iban.is_valid(str(made))
assert str(IBAN.generate("FR", **PARTS)).endswith("89") and str(IBAN.generate("RE", **PARTS)).endswith("00")


def with_key(key):
    """Return the French IBAN of the same account with that RIB key and right digits of ISO 7064."""
    account = f"300060000112345678901{key}"
    return f"FR{98 - int(account + '152700') % 97:02}{account}"


right, wrong = with_key("89"), with_key("88")
print(right, wrong, IBAN(wrong).is_valid, iban.is_valid(wrong))
assert IBAN(right, validate_bban=True).is_valid
assert IBAN(wrong).is_valid and iban.is_valid(wrong)
try:
    IBAN(wrong, validate_bban=True)
except SchwiftyException as error:
    print("with the national check:", error)
else:
    raise AssertionError("the RIB key is not looked at any more")
print("As seen.")
PY

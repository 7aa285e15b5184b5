#!/usr/bin/env bash
# factur-x 7.8 (PyPI): XML made from data, invoice after invoice in one process.
# Seen on 28 November 2026: once an invoice of level BASIC WL was made, the buyer's trading name (BT-45, key biz_name of
# BG-7) is missing from every later invoice of level EN 16931 in that process: the list of the keys to leave out is the
# module's own, and the lower level adds a name to it that is never taken away. Nothing is said.
# What follows: a worker that makes e-invoices of several levels compares what it made with what it was given.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet factur-x==7.8
"$folder/env/bin/python" - <<'PY'
import copy
import datetime
import logging

from facturx import generate_xml

logging.disable(logging.CRITICAL)
PARTY = {"addr_l1": "1 rue du Port", "postcode": "69001", "city": "LYON", "country_code": "FR"}
INVOICE = {
    "BT-1": "FA2026-0001", "BT-2": datetime.date(2026, 11, 2), "BT-3": "380", "BT-5": "EUR",
    "BT-9": datetime.date(2026, 12, 2), "BT-72": datetime.date(2026, 11, 2),
    "BG-4": {"name": "CREANCIER SARL", "vat_identifier": "FR66999000011", **PARTY},
    "BG-7": {"name": "DEBITEUR SAS", "biz_name": "DEBITEUR DISTRIBUTION", **PARTY},
    "BG-23": [{"BT-116": 100.0, "BT-117": 20.0, "BT-118": "S", "BT-119": 20.0}],
    "BT-106": 100.0, "BT-109": 100.0, "BT-110": 20.0, "BT-112": 120.0, "BT-115": 120.0,
    "BG-25": [{
        "BT-126": "1", "BT-129": 1.0, "BT-130": "C62", "BT-131": 100.0, "BT-146": 100.0, "BT-151": "S", "BT-152": 20.0,
        "BT-153": "Service",
    }],
}


def made(level):
    data = copy.deepcopy(INVOICE)
    if level == "basicwl":
        del data["BG-25"]
    return b"DEBITEUR DISTRIBUTION" in generate_xml(data, level=level, check_schematron=False)


seen = [made("en16931"), made("basicwl"), made("en16931")]
print("the trading name stands in EN 16931, in BASIC WL, in EN 16931 again:", seen)
assert seen == [True, False, False], seen
print("As seen.")
PY

#!/usr/bin/env bash
# camt053-loader-mt940 0.0.23 with camt053 0.0.23 (PyPI, October 2026), which turn a statement in MT940 into one of camt.053: the two formats
# name a reversal in opposite ways. MT940's RC is the reversal of a credit: money that leaves. In camt.053 CdtDbtInd says where the money
# goes, and RvslInd that it undoes something (« If CRDT and Yes, the original operation was a debit entry », ISO 20022): RC is DBIT there.
# Seen on 29 November 2026, of a transfer received and cancelled, and of a direct debit paid and refused (balances 1000.00 and 1000.00):
# - the cancelled receipt (RC) is CRDT with RvslInd: 250.00 received once more, as if an own debit had come back;
# - the refused debit (RD) is DBIT with RvslInd: 90.00 paid once more;
# - 1000.00 and the four entries are 1320.00, the closing balance beside them is 1000.00, and nothing is said.
# What follows: a statement is added up and compared with its two balances, whatever program converted it, before a receipt is matched.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile camt053==0.0.23 camt053-loader-mt940==0.0.23
"$folder/env/bin/python" - <<'PY'
from decimal import Decimal

from camt053_loader_mt940 import parse_mt940

STATEMENT = """:20:STMT
:25:20041010050500013M02606
:28C:1/1
:60F:C261102EUR1000,00
:61:2611031103C250,00NTRFFA-118//B1
:86:VIREMENT DUPONT FA-118
:61:2611041104RC250,00NTRFFA-118//B2
:86:ANNULATION VIREMENT DUPONT FA-118
:61:2611041104D90,00NDDTFA-7//B3
:86:PRELEVEMENT FOURNISSEUR
:61:2611051105RD90,00NDDTFA-7//B4
:86:REJET PRELEVEMENT FOURNISSEUR
:62F:C261105EUR1000,00
"""
SIGNS = {"CRDT": 1, "DBIT": -1}

[statement] = parse_mt940(STATEMENT).statements
found = [(entry.amount, entry.credit_debit_indicator, entry.reversal_indicator) for entry in statement.entries]
print(*found, sep="\n")
assert found == [
    ("250.00", "CRDT", False),
    ("250.00", "CRDT", True),
    ("90.00", "DBIT", False),
    ("90.00", "DBIT", True),
]
opening, closing = (Decimal(balance.amount) for balance in statement.balances)
total = opening + sum(SIGNS[indicator] * Decimal(amount) for amount, indicator, _undone in found)
print("opening", opening, "with the entries", total, "closing", closing)
assert (opening, total, closing) == (Decimal("1000.00"), Decimal("1320.00"), Decimal("1000.00"))
print("As seen.")
PY

#!/usr/bin/env bash
# mt-940 5.1.1 (PyPI): the mark of a movement in field :61: of a bank statement (SWIFT MT940: C, D, RC, RD).
# Seen on 28 November 2026: a debit (D) is read as a negative amount; the reversal of a credit (RC), money that the bank
# takes back, is positive like the credit itself, so that the sum of the movements is not the difference of the balances.
# What follows for a ledger: a transfer that was cancelled would settle an invoice twice over instead of opening it again;
# the sign is taken from the mark, and the sum compared with the two balances of the statement.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet mt-940==5.1.1
"$folder/env/bin/python" - <<'PY'
from decimal import Decimal

import mt940

STATEMENT = """:20:STATEMENT
:25:FR7630006000011234567890189
:28C:00001/001
:60F:C261031EUR1000,00
:61:2611051105C250,00NTRFNONREF
:86:Transfer received
:61:2611061106RC250,00NRTINONREF
:86:Transfer received, cancelled
:61:2611071107D40,00NCHGNONREF
:86:Charges
:62F:C261130EUR960,00
-"""
movements = mt940.parse(STATEMENT)
seen = [(each.data["status"], each.data["amount"].amount) for each in movements]
opened, closed = (movements.data[name].amount.amount for name in ("final_opening_balance", "final_closing_balance"))
print(seen, "sum", sum(amount for _mark, amount in seen), "balances", opened, closed)
assert seen == [("C", Decimal("250.00")), ("RC", Decimal("250.00")), ("D", Decimal("-40.00"))]
assert closed - opened == Decimal("-40.00") != sum(amount for _mark, amount in seen)
print("As seen.")
PY

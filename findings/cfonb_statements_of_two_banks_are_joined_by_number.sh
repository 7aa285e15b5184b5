#!/usr/bin/env bash
# python-cfonb 2.13 (PyPI): one file with the statements of two banks (CFONB, 120 characters), as a provider of accounts sends it.
# An account is its bank, its branch and its number; the eleven characters of the number alone are each bank's own to give.
# Seen on 28 November 2026: two statements whose numbers are alike, of two banks, come back as one: the first one's bank and opening
# balance, the movements of both, the second one's bank and closing balance. No error; the balances do not add up.
# What follows: statements are kept apart by bank, branch, currency and number (the IBAN), and opening balance plus movements
# must be the closing balance before a payment is taken for received.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet python-cfonb==2.13
"$folder/env/bin/python" - <<'PY'
from datetime import date
from decimal import Decimal
from io import StringIO

from cfonb import StatementReader
from cfonb.writer.statement import Statement


def statement(bank, opened, moved, closed, number="00012345678"):
    account = {"bank_code": bank, "agency_code": "00010", "currency": "EUR", "account_number": number}
    made = Statement().header(**account, date=date(2026, 1, 1), amount=Decimal(opened))
    text = {"operation_code": "    ", "date": date(2026, 1, 2), "label": "TRANSFER", "reference": "F1"}
    made.add(**account, **text, amount=Decimal(moved))
    return made.footer(**account, date=date(2026, 1, 2), amount=Decimal(closed)).render()


def read(*statements):
    found = StatementReader().parse(StringIO("".join(statements)))
    for each in found:
        sums = [line.amount for line in each.lines]
        print(each.header.bank_code, each.header.prev_amount, *sums, each.footer.bank_code, each.footer.next_amount)
    return found


first = statement("17499", "1000.00", "100.00", "1100.00")
assert len(read(first, statement("14889", "500.00", "-40.00", "460.00", number="00087654321"))) == 2
[joined] = read(first, statement("14889", "500.00", "-40.00", "460.00"))
assert (joined.header.bank_code, joined.footer.bank_code) == ("17499", "14889")
moved = sum(line.amount for line in joined.lines)
assert joined.header.prev_amount + moved == Decimal("1060.00") != joined.footer.next_amount == Decimal("460.00")
print("As seen.")
PY

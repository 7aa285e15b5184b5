#!/usr/bin/env bash
# python-cfonb 2.13 (PyPI): a French bank statement (CFONB, 120 characters) written by the library and read again by it.
# Seen on 28 November 2026: the writer drops the point of the amount's text and signs its last digit, so that an amount is kept
# only if its text has exactly two decimals. Decimal("12.00") comes back as 12.00, Decimal("12") as 0.12, the float 1200.5 as 120.05,
# 100.0 as 10.00; nothing is refused. The other function of the library that writes an amount (write_amount, whose examples
# are whole or lucky) cuts instead of rounding: 19.99 comes back as 19.98, 5.05 as 0.54, and 0 as a negative nought.
# What follows: an amount is brought to the cents of its currency before anything formats it; a file is read back before it is sent.
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
from cfonb.parser.common import parse_amount, write_amount
from cfonb.writer.statement import Statement


def written_and_read(amount):
    account = {"bank_code": "17499", "agency_code": "00010", "currency": "EUR", "account_number": "00012345678"}
    statement = Statement().header(**account, date=date(2026, 1, 1), amount=Decimal("0.00"))
    move = {"operation_code": "    ", "date": date(2026, 1, 2), "label": "TRANSFER", "reference": "F1"}
    statement.add(**account, **move, amount=amount)
    statement.footer(**account, date=date(2026, 1, 2), amount=Decimal("0.00"))
    [read] = StatementReader().parse(StringIO(statement.render()))
    return str(read.lines[0].amount)


seen = {str(amount): written_and_read(amount) for amount in (Decimal("12.00"), Decimal("12"), 1200.5, 100.0)}
print("statement:", seen)
assert seen == {"12.00": "12.00", "12": "0.12", "1200.5": "120.05", "100.0": "10.00"}

seen = {amount: str(parse_amount(write_amount(amount, 2), 2)) for amount in (123.4, 19.99, 5.05, 0)}
print("amount alone:", seen)
assert seen == {123.4: "123.40", 19.99: "19.98", 5.05: "0.54", 0: "-0.00"}
print("As seen.")
PY

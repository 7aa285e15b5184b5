#!/usr/bin/env bash
# python-cfonb 2.13 (PyPI): a French bank statement of 120 characters (CFONB) in a currency without cents, as the banks of New
# Caledonia and French Polynesia keep accounts: the character after the currency says how many decimals follow, 0 for XPF.
# Seen on 28 November 2026: with 2 decimals 1 234,50 is read as 1234.50; with 0 decimals 123 450 francs are read as
# 0.0000000012345, by the opening balance and the movement alike, and no error is raised: the text is cut from the end, and
# « minus nought characters » is the beginning. What a movement was in its own currency (record 05, qualifier MMO) is divided by the
# number of its decimals, not by its power of ten: 123.45 dollars are read as 6172.5.
# What follows: the number of decimals moves the point, it is no divisor and no end of a slice; a statement whose balances do not
# add up is refused before an invoice is settled by it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet python-cfonb==2.13
"$folder/env/bin/python" - <<'PY'
from decimal import Decimal
from io import StringIO

from cfonb import StatementReader


def record(code, currency, decimals, day, *rest):
    head = f"{code}17499    00010{currency}{decimals} 00012345678"
    return f"{head}{day}{''.join(rest)}".ljust(120) + "\n"


def balance(code, currency, decimals, day, amount):
    return record(code, currency, decimals, "  " + day, " " * 50, amount, " " * 16)


def movement(currency, decimals, amount):
    text = "TRANSFER RECEIVED".ljust(31) + "  " + "0000001" + "  "
    return record("04", currency, decimals, "05020126", "  020126", text, amount)


def read(currency, decimals, amount, *more):
    """Return the opening balance and the first movement of a statement of one movement."""
    lines = [balance("01", currency, decimals, "010126", amount), movement(currency, decimals, amount), *more]
    lines.append(balance("07", currency, decimals, "020126", amount))
    assert {len(line) for line in lines} == {121}
    [statement] = StatementReader().parse(StringIO("".join(lines)))
    return statement.header.prev_amount, statement.lines[0]


opened, moved = read("EUR", 2, "0000000012345{")
print("EUR, 2 decimals:", opened, moved.amount)
assert opened == moved.amount == Decimal("1234.50")

opened, moved = read("XPF", 0, "0000000012345{")
print("XPF, 0 decimals:", opened, moved.amount)
assert opened == moved.amount == Decimal("0.0000000012345")

dollars = record("05", "EUR", 2, "05020126", "     MMO", "USD2", "00000000012345", "00", " " * 50)
_opened, moved = read("EUR", 2, "0000000011000{", dollars)
print("123.45 USD:", moved.equivalent_amount)
assert moved.equivalent_amount == 6172.5
print("As seen.")
PY

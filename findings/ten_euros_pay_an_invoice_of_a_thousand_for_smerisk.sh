#!/usr/bin/env bash
# smerisk 0.1.0 (PyPI, October 2026), which reads a FEC (LPF A. 47 A-1), makes of its customers' accounts (411) invoices with their payments by
# the letters (EcritureLet), and tells by them what is still owed, how late customers pay, and how much of it will be lost. It wants the files
# of two years; an invoice is paid, so its documentation, « when its lettering group is complete ». All entries here balance.
# Seen on 29 November 2026, without an error or a word: on 31 December 1 890.00 are owed and 500.00 are found, of an invoice that is none:
# - FA-1 of 1 000.00, on which 10.00 came, lettered with it in part (« a », as programs letter a payment on account): paid, with 1 000.00,
#   on the day of the 10.00; whether a group is complete is not looked at;
# - FA-2 of 800.00 in two instalments, a line and a letter each: 800.00 paid by the first;
# - FA-3, debited on 5 February, sent back by the bank on the 15th: paid; what came back is an invoice of its own, without the number of
#   FA-3, due a month after the return: 41 days younger, and its delay ends with a payment on the due date;
# - FA-4, cancelled by a credit note: a payment of 300.00, 25 days late;
# - letters begin at AA again each year in many programs: FA-5 of 2024, paid within 30 days, is paid by the payment that bears the
#   AA of 2025: 502 days late.
# What follows: a letter is one customer's in one year's file, a group is paid when its debits and credits are equal, and money that came back
# reopens its invoice; what is read is compared with the balance of the account before any rate is made of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile smerisk==0.1.0
"$folder/env/bin/python" - <<'PY'
from datetime import date
from decimal import Decimal

from smerisk.contracts.fec_reader import read_fec
from smerisk.prepare import invoice_state, invoices_from_ledger
from smerisk.prepare.receivables import outstanding
from smerisk.usecases.receivables_risk import receivables_risk

COLUMNS = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate EcritureLib Debit Credit "
    "EcritureLet DateLet ValidDate Montantdevise Idevise"
).split()
lines, balance = [], Decimal()
number = 0


def entry(journal, day, customer, piece, *amounts, other="512000", let=""):
    """Write an entry: each amount is a line of the customer's account (a debit, or below zero a credit), against one other account."""
    global number, balance
    number += 1
    every = [("411000", customer, Decimal(amount), let) for amount in amounts]
    every.append((other, "", -sum(amount for _account, _customer, amount, _let in every), ""))
    balance += sum(amount for account, _customer, amount, _let in every if account == "411000")
    for position, (account, who, amount, letter) in enumerate(every):
        letter = letter if position == 0 else ""
        debit, credit = (f"{max(side, 0):.2f}".replace(".", ",") for side in (amount, -amount))
        text = [journal, journal, str(number), day, account, account, who, who, piece, day, "Essai", debit, credit, letter]
        lines.append("\t".join([*text, day if letter else "", day, "", ""]))


entry("VE", "20240105", "EPSILON", "FA-5", "100.00", other="706000", let="AA")
entry("BQ", "20240203", "EPSILON", "V-1", "-100.00", let="AA")
entry("VE", "20250105", "ALPHA", "FA-1", "1000.00", other="706000", let="a")
entry("BQ", "20250120", "ALPHA", "V-2", "-10.00", let="a")
entry("VE", "20250105", "BETA", "FA-2", "400.00", "400.00", other="706000", let="AB")
entry("BQ", "20250204", "BETA", "V-3", "-400.00", let="AB")
entry("VE", "20250105", "GAMMA", "FA-3", "500.00", other="706000", let="AC")
entry("BQ", "20250205", "GAMMA", "P-1", "-500.00", let="AC")
entry("BQ", "20250215", "GAMMA", "R-1", "500.00")
entry("VE", "20250105", "DELTA", "FA-4", "300.00", other="706000", let="AD")
entry("VE", "20250301", "DELTA", "AV-4", "-300.00", other="706000", let="AD")
entry("VE", "20250105", "EPSILON", "FA-6", "100.00", other="706000", let="AA")
entry("BQ", "20250620", "EPSILON", "V-4", "-100.00", let="AA")
print("owed by the account:", balance)
assert balance == Decimal("1890.00")

read = read_fec("\r\n".join(["\t".join(COLUMNS), *lines, ""]).encode("iso8859-15"))
assert not read.ignored and len(read.records) == len(lines)
DAY = date(2025, 12, 31)
found = {}
for made in invoices_from_ledger(read.records):
    paid = [(payment.date.isoformat(), payment.amount) for payment in made.payments]
    late = (made.payments[0].date - made.due_date).days if paid else None
    found[made.invoice_ref] = (made.amount, made.due_date.isoformat(), paid, late, invoice_state(made, DAY), outstanding(made, DAY))
    print(made.customer_ref, made.invoice_ref, *found[made.invoice_ref])
assert found == {
    "FA-1": (1000.0, "2025-02-04", [("2025-01-20", 1000.0)], -15, "PAID", 0.0),
    "FA-2": (800.0, "2025-02-04", [("2025-02-04", 800.0)], 0, "PAID", 0.0),
    "FA-3": (500.0, "2025-02-04", [("2025-02-05", 500.0)], 1, "PAID", 0.0),
    "R-1": (500.0, "2025-03-17", [], None, "LATE_90", 500.0),
    "FA-4": (300.0, "2025-02-04", [("2025-03-01", 300.0)], 25, "PAID", 0.0),
    "FA-5": (100.0, "2024-02-04", [("2025-06-20", 100.0)], 502, "PAID", 0.0),
    "FA-6": (100.0, "2025-02-04", [("2025-06-20", 100.0)], 136, "PAID", 0.0),
}
rows = [record.model_dump(by_alias=True, mode="json") for record in read.records]
result = receivables_risk(ledger_entries=rows, settings={"as_of": DAY.isoformat()})
print("owed by smerisk:", result.derived_parameters["current_exposure"].value)
assert sum(result.derived_parameters["current_exposure"].value.values()) == 500.0
assert set(result.result.expected_loss.by_segment) == {"GAMMA"}
print("As seen.")
PY

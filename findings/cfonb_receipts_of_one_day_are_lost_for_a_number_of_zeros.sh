#!/usr/bin/env bash
# django-accounting-fr 0.3.0 (PyPI): a bank statement of 120 characters (CFONB), imported into its ledger. Record 04 holds a number
# of the entry (characters 82 to 88); a bank that numbers none leaves them blank, or fills them with zeros.
# Seen on 28 November 2026:
# - two receipts of one day, from two payers, with two amounts and two references: with zeros the second is left out as « already
#   imported », since the day and the number are taken for the bank's own identifier; with blanks both are there;
# - the next statement of that account with another receipt of that day loses this one too;
# - no error: what was left out is counted among the duplicates; the state of the account shows a gap that grew by its amount;
# - a receipt of another day, with zeros as well, is there.
# What follows: the payment of an invoice is known again by account, day, amount, reference and rank among its likes, never by a
# number that may be empty in another way; and opening balance plus lines must be the closing balance at each import.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile django-accounting-fr==0.3.0 Django==5.2.19
"$folder/env/bin/python" -W ignore - <<'PY'
from datetime import date
from decimal import Decimal

import django
from django.conf import settings
from django.core.management import call_command

settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "accounting_fr"], USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}, TIME_ZONE="Europe/Paris",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", ACCOUNTING={},
)
django.setup()
call_command("migrate", verbosity=0)

from accounting_fr import bank  # noqa: E402
from accounting_fr.models import Account, BankLine, BankStatement, FiscalPeriod  # noqa: E402

FiscalPeriod.objects.create(name="2026", date_start=date(2026, 1, 1), date_end=date(2026, 12, 31))
ACCOUNT = Account.objects.get(code="512000")


def cents(amount):
    """Return fourteen characters: the last one bears its digit and the sign, here always plus."""
    digits = f"{Decimal(amount) * 100:014.0f}"
    return digits[:-1] + "{ABCDEFGHI"[int(digits[-1])]


def balance(code, day, amount):
    return f"{code}30006    00001EUR2 00012345678  {day}{'':50}{cents(amount)}{'':16}"


def receipt(day, label, number, amount, reference):
    return f"0430006B10000001EUR2E00012345678B1{day}  {day}{label:<31}  {number:7}0 {cents(amount)}{reference:<16}"


def statement(*records):
    assert [len(record) for record in records] == [120] * len(records)
    return "\r\n".join(records).encode()


def load(label, content):
    result = bank.import_statement(ACCOUNT, content, "releve.txt")
    lines = [(line.reference, str(line.amount)) for line in BankLine.objects.filter(account=ACCOUNT).order_by("pk")]
    gap = bank.state(ACCOUNT, date(2026, 11, 30))["gap"]
    print(f"{label}: created {result.created}, « already imported » {result.duplicates}, lines {lines}, gap {gap}")
    return result.created, result.duplicates, lines, str(gap)


def month(number):
    return statement(
        balance("01", "191126", "1000.00"),
        receipt("201126", "VIR SEPA DEBITEUR SAS", number, "120.00", "FA-118"),
        receipt("201126", "VIR SEPA AUTRE DEBITEUR SARL", number, "350.50", "FA-119"),
        balance("07", "201126", "1470.50"),
    )


def forget():
    BankLine.objects.all().delete()
    BankStatement.objects.all().delete()


FIRST, SECOND = ("FA-118", "120.00"), ("FA-119", "350.50")
assert load("blanks", month(" " * 7)) == (2, 0, [FIRST, SECOND], "1000.00")
forget()
assert load("zeros", month("0" * 7)) == (1, 1, [FIRST], "1350.50")
late = statement(
    balance("01", "201126", "1470.50"),
    receipt("201126", "VIR SEPA TROISIEME DEBITEUR", "0" * 7, "80.00", "FA-120"),
    receipt("231126", "VIR SEPA QUATRIEME DEBITEUR", "0" * 7, "60.00", "FA-121"),
    balance("07", "231126", "1610.50"),
)
assert load("zeros, the next statement", late) == (1, 1, [FIRST, ("FA-121", "60.00")], "1430.50")
print("As seen.")
PY

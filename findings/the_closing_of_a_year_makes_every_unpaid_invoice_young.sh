#!/usr/bin/env bash
# django-accounting-fr 0.3.0 (PyPI): its aged balance (« balance âgée ») of what customers owe, before and after a year is closed and the
# next one opened, each by the library's own step. Alpha owes 1 000.00 since February, Beta 500.00 since November, Gamma's 700.00 of
# March are paid on 10 January.
# Seen on 29 November 2026, without an error:
# - before the closing, on 31 December: 1 700.00 older than 90 days, 500.00 between 31 and 60;
# - after it, the aged balance of that same day is empty: entries of a closed year are left out, whatever day is asked for, so that
#   the annex and the depreciation of doubtful debts can no more be drawn up, or shown to have been right;
# - until the new year is opened, Alpha and Beta owe nothing, and Gamma is owed 700.00;
# - once it is opened, all is « 0 à 30 j » again on 31 January: a customer's invoices are one line of 1 January, without its number and
#   its date, and on 31 March Alpha's debt of thirteen months and Beta's of four have one age, of « 61 à 90 j ».
# What follows: what is owed is aged invoice by invoice from its due date, whichever year it is of, and a closing changes nothing of it;
# who takes customers over from such a ledger asks for the invoices behind the opening line before he claims interest on them.
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

from accounting_fr import posting, reconciliation  # noqa: E402
from accounting_fr.models import Account, FiscalPeriod  # noqa: E402

OLD, NEW = (FiscalPeriod.objects.create(name=y, date_start=date(y, 1, 1), date_end=date(y, 12, 31)) for y in (2025, 2026))
CUSTOMERS, SALES, BANK = (Account.objects.get(code=code) for code in ("411000", "707000", "512000"))
LAST, JANUARY, MARCH = date(2025, 12, 31), date(2026, 1, 31), date(2026, 3, 31)


def post(journal, day, customer, amount, number):
    """Post an invoice of the customer, or below zero his payment."""
    owed, other = {"auxiliary_code": customer, "auxiliary_label": customer}, SALES if amount > 0 else BANK
    total, sides = abs(Decimal(amount)), ("debit", "credit") if amount > 0 else ("credit", "debit")
    lines = [posting.Line(CUSTOMERS, **{sides[0]: total}, **owed), posting.Line(other, **{sides[1]: total})]
    posting.post_entry(journal, day, number, lines, reference=number, validate=True)


def aged(label, day):
    """Return by customer what is up to 30, 60, 90 days old and older."""
    balance = reconciliation.aged_balance(CUSTOMERS, day)
    assert balance["labels"] == ["0 à 30 j", "31 à 60 j", "61 à 90 j", "plus de 90 j"]
    rows = {row["code"]: [int(amount) for amount in row["buckets"]] for row in balance["rows"]}
    print(f"{label}, on {day}:", rows, "total", balance["total"])
    return rows


post("VT", date(2025, 2, 10), "ALPHA", 1000, "FA-1")
post("VT", date(2025, 3, 1), "GAMMA", 700, "FA-2")
post("VT", date(2025, 11, 20), "BETA", 500, "FA-3")
post("BQ", date(2026, 1, 10), "GAMMA", -700, "FA-2")
assert aged("before the closing", LAST) == {"ALPHA": [0, 0, 0, 1000], "GAMMA": [0, 0, 0, 700], "BETA": [0, 500, 0, 0]}

posting.close_period(OLD)
OLD.refresh_from_db()
assert aged("closed", LAST) == {}
assert aged("closed", JANUARY) == {"GAMMA": [-700, 0, 0, 0]}

opening = posting.generate_opening_entries(OLD, NEW)
lines = [(line.auxiliary_code, str(line.debit)) for line in opening.entries.filter(account=CUSTOMERS).order_by("auxiliary_code")]
print("opened:", opening.date, opening.reference, lines)
assert (opening.date, opening.reference) == (date(2026, 1, 1), "")
assert lines == [("ALPHA", "1000.00"), ("BETA", "500.00"), ("GAMMA", "700.00")]
assert aged("opened", LAST) == {}
assert aged("opened", JANUARY) == {"ALPHA": [1000, 0, 0, 0], "BETA": [500, 0, 0, 0]}
assert aged("opened", MARCH) == {"ALPHA": [0, 0, 1000, 0], "BETA": [0, 0, 500, 0]}
print("As seen.")
PY

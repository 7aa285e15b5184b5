#!/usr/bin/env bash
# django-payments-sepa 2.1.0 (PyPI, May 2026), which adds SEPA direct debits to django-payments 3.1.0: its form takes the mandate, its model
# makes the file of the collection (pain.008) by sepaxml 2.7.0, its provider confirms (capture) and pays back (refund); Django 5.2.19 with
# SQLite. The steps are those of django-payments, where an amount left out is the whole; the schema is the one that sepaxml ships.
# Seen on 29 November 2026, without an error but the one named:
# - a mandate given by the form has no reference (MndtId is empty), and the schema refuses the file; one that is put in by hand passes;
# - the day of collection is the one on which the file is made, be it a Sunday; the rulebook asks for a day before;
# - confirmed in whole, a debit of 120.00 is « confirmed » with 0.00 collected; paying 50.00 of it back is an error, paying all of it back
#   makes it « refunded »;
# - confirmed with its amount, 80.00, it stays « confirmed » with 80.00 when all of it is paid back, without a word;
# - whatever is paid back, no transfer, no reversal and no message is made: the status is all there is;
# - a debit that is confirmed before the file is made is in no file: it was never collected.
# What follows: « confirmed » and « refunded » of a provider are not money; a debit is paid when the bank’s statement has it, and paid back
# when the statement has that; a mandate without a reference collects nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile django-payments-sepa==2.1.0 django-payments==3.1.0 sepaxml==2.7.0 \
    Django==5.2.19 freezegun==1.5.5 lxml==6.1.3
cd "$folder"
mkdir shop
touch shop/__init__.py
cat > shop/models.py <<'PY'
from payments.models import BasePayment


class Payment(BasePayment):
    def get_failure_url(self):
        return "/failed"

    def get_success_url(self):
        return "/done"
PY
cat > collect.py <<'PY'
import re
from decimal import Decimal
from importlib import resources

import django
from django.conf import settings
from freezegun import freeze_time
from lxml import etree

CREDITOR = {
    "creditor": "Creancier SARL", "creditor_identifier": "FR72ZZZ123456", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPPXXX",
}  # fmt: skip
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "payments", "djp_sepa", "shop"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PAYMENT_MODEL="shop.Payment",
    PAYMENT_HOST="example.com",
    PAYMENT_VARIANTS={"sepa": ("djp_sepa.providers.DirectDebitProvider", CREDITOR)},
)
django.setup()

from django.db import connection  # noqa: E402
from djp_sepa.models import SEPAMandate  # noqa: E402
from payments import RedirectNeeded  # noqa: E402
from shop.models import Payment  # noqa: E402

SCHEMA = etree.XMLSchema(file=str(resources.files("sepaxml") / "schemas" / "pain.008.001.02.xsd"))
with connection.schema_editor() as editor:
    editor.create_model(Payment)
    editor.create_model(SEPAMandate)


def debit(total, invoice):
    """Return a payment whose debtor filled in the form."""
    payment = Payment.objects.create(variant="sepa", total=Decimal(total), currency="EUR", description=invoice)
    filled = {
        "confirmation": "on", "account_holder": "Debiteur SAS", "iban": "FR1420041010050500013M02606", "bic": "PSSTFRPPXXX",
    }  # fmt: skip
    try:
        payment.get_form(data=filled)
    except RedirectNeeded:
        payment.refresh_from_db()
        assert payment.status == "preauth"
        return payment
    raise AssertionError("the form was not taken")


def collection():
    """Return what the file of the collection says, and whether its schema takes it."""
    xml = SEPAMandate.as_sepadd(schema="pain.008.001.02", instrument="CORE").export(validate=False)
    told = {name: re.findall(f"<{name}>(.*?)</", xml.decode()) for name in ("MndtId", "ReqdColltnDt", "Ustrd")}
    valid = SCHEMA.validate(etree.fromstring(xml))
    print("file:", told, "valid:", valid, *{error.message[:90] for error in SCHEMA.error_log})
    return told, valid


def state(payment):
    payment.refresh_from_db()
    print(payment.description, payment.status, payment.captured_amount)
    return payment.status, str(payment.captured_amount)


with freeze_time("2026-12-06 10:00"):  # a Sunday
    first = debit("120.00", "FA-118")
    told, valid = collection()
    assert first.sepa_mandate.mandate_id == "" and told["MndtId"] == [] and not valid
    SEPAMandate.objects.update(mandate_id="RUM-118")
    assert collection() == ({"MndtId": ["RUM-118"], "ReqdColltnDt": ["2026-12-06"], "Ustrd": ["FA-118"]}, True)

    first.capture()
    assert state(first) == ("confirmed", "0.00")
    try:
        first.refund(Decimal("50.00"))
    except ValueError as error:
        print(error)
    else:
        raise AssertionError("a part can be paid back now")
    first.refund()
    assert state(first) == ("refunded", "0.00")

    second = debit("80.00", "FA-119")
    second.capture(Decimal("80.00"))
    second.refund()
    assert state(second) == ("confirmed", "80.00")
    second.refund(Decimal("80.00"))
    assert state(second) == ("refunded", "0.00")

    third = debit("60.00", "FA-120")
    third.capture(Decimal("60.00"))
    debit("40.00", "FA-121")
    told, _valid = collection()
    assert told["Ustrd"] == ["FA-121"] and state(third)[0] == "confirmed"
print("As seen.")
PY
"$folder/env/bin/python" -W ignore collect.py

#!/usr/bin/env bash
# django-invoicing 13.1.0 (PyPI, August 2026), which numbers and adds up invoices and lists those that are overdue and those that are not; its
# models and lists with Django 5.2.19 and SQLite; the clock is set by freezegun 1.5.5. Besides a status an invoice has what was paid of it
# (already_paid), and what is left (to_pay). All are of 2 November 2026; but for Beta’s and Eta’s, all
# are due on 20 November. « Today » is 1 December.
# Seen on 29 November 2026, without an error:
# - Gamma paid 1 200.00 of 1 200.00 on the 10th, and has nothing left to pay: overdue; so is Delta’s invoice, given up as uncollectible,
#   and Epsilon’s, which a collector has, each with 11 days, as if nothing had been done;
# - Beta’s, due today, is neither in the list of the overdue (overdue) nor in that of those that are not (not_overdue), which has Eta’s, of
#   tomorrow: who adds both lists up misses what falls due on the day;
# - Zeta paid ten days early; 11 days late by overdue_days, and one more each day;
# - Alpha’s direct debit came back today, and the invoice is « sent » again: it was sent today (date_sent), not on the 2nd, and paid on
#   the 18th (date_paid).
# What follows: what is overdue is what is left to pay after its day, less what is disputed or given up; each list of a day is made so that
# every open item stands in one and one only; a return of money does not move the day on which an invoice was sent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile django-invoicing==13.1.0 Django==5.2.19 requests-futures==1.0.2 freezegun==1.5.5
cd "$folder"
"$folder/env/bin/python" -W ignore - 2> log <<'PY' || { cat log; exit 1; }
from datetime import date
from decimal import Decimal

import django
from django.conf import settings
from django.core.management import call_command
from freezegun import freeze_time

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_countries", "djmoney", "model_utils", "invoicing"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LANGUAGES=[("fr", "Français")],
    INVOICING_SUPPLIER={},
    USE_TZ=True,
    TIME_ZONE="Europe/Paris",
)
django.setup()
call_command("migrate", verbosity=0)

from invoicing.models import Invoice, Item  # noqa: E402

DUE = date(2026, 11, 20)


def invoice(customer, total, due=DUE):
    made = Invoice.objects.create(
        customer_name=customer, customer_country="FR", supplier_name="Creancier SARL", supplier_country="FR",
        supplier_vat_id="FR66999000011", bank_iban="FR7630006000011234567890189", language="fr", currency="EUR",
        payment_method="BANK_TRANSFER", date_issue=date(2026, 11, 2), date_tax_point=date(2026, 11, 2), date_due=due,
    )  # fmt: skip
    Item.objects.create(invoice=made, title="Service", unit_price=Decimal(total))
    return put(made, "SENT")


def put(made, status):
    """Give an invoice, read anew as for each request, a status."""
    found = Invoice.objects.get(pk=made.pk)
    found.status = status
    found.save()
    return found


with freeze_time("2026-11-02 09:00"):
    alpha, gamma, delta, epsilon, zeta = (
        invoice(name, total)
        for name, total in (("Alpha", "1000"), ("Gamma", "1200"), ("Delta", "50"), ("Epsilon", "70"), ("Zeta", "80"))
    )
    invoice("Beta", "300", date(2026, 12, 1))
    invoice("Eta", "90", date(2026, 12, 2))
with freeze_time("2026-11-10 09:00"):
    gamma.already_paid = gamma.total
    gamma.save()
    zeta = put(zeta, "PAID")
with freeze_time("2026-11-18 09:00"):
    put(alpha, "PAID")
with freeze_time("2026-12-01 09:00"):
    alpha, delta, epsilon = put(alpha, "SENT"), put(delta, "UNCOLLECTIBLE"), put(epsilon, "IN_COLLECTION")
    lists = {
        name: sorted(each.customer_name for each in getattr(Invoice.objects, name)()) for name in ("overdue", "not_overdue", "unpaid")
    }
    print(*lists.items(), sep="\n")
    assert lists["overdue"] == ["Alpha", "Delta", "Epsilon", "Gamma"]
    assert lists["not_overdue"] == ["Eta", "Zeta"]
    assert lists["unpaid"] == ["Alpha", "Beta", "Delta", "Epsilon", "Eta", "Gamma"]
    print("left of Gamma:", gamma.to_pay, "days:", gamma.overdue_days, delta.overdue_days, epsilon.overdue_days, zeta.overdue_days)
    assert gamma.to_pay == 0 and gamma.is_overdue
    assert {each.overdue_days for each in (gamma, delta, epsilon, zeta)} == {11}
    print("Alpha:", alpha.status, "sent", alpha.date_sent, "paid", alpha.date_paid)
    assert (alpha.date_sent.date(), alpha.date_paid.date()) == (date(2026, 12, 1), date(2026, 11, 18))
print("As seen.")
PY

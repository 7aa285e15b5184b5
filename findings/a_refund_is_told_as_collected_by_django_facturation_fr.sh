#!/usr/bin/env bash
# django-facturation-fr 0.3.0 (PyPI, October 2026): the French reform as its platform gets it: an invoice of a service, 120.00 euros, paid by
# transfer, then cancelled by a credit note that is paid back, once to a business in France, once to a consumer. Of the first the status 212
# (« Encaissée ») goes to the platform, of the second the report of payments (flux 10.4).
# Seen on 29 November 2026:
# - of the business the platform is told 120.00 collected for the invoice, and 120.00 collected for the credit note, which was paid back:
#   not minus 120.00; the history that people read has « 120.00 € encaissés » of both days;
# - of the consumer the same library reports 120.00 and -120.00.
# What follows: what was paid back is never told as collected; whether an amount came in or went out is decided in one place, for all
# who are told of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile django-facturation-fr==0.3.0 Django==5.2.19 factur-x==6.8
cd "$folder"
cat > platform_of_ours.py <<'PY'
from facturation_fr.platforms import Platform

COLLECTED = []


class Recorder(Platform):
    """A platform that takes everything, and keeps what is told to it of payments."""

    code, label = "recorder", "Recorder"
    registration_id, company_name = "0001", "Plateforme d’essai"

    def send_invoice(self, invoice):
        return f"P-{invoice.number}"

    def send_payment(self, invoice, amount, day):
        COLLECTED.append((invoice.kind, str(amount)))

    def send_ereport(self, report):
        return "R-1"
PY
"$folder/env/bin/python" -W ignore - <<'PY'
import logging
from datetime import date
from decimal import Decimal

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "facturation_fr"],
    INVOICING={"PLATFORMS": ["platform_of_ours.Recorder"]},
    MEDIA_ROOT="media",
    TIME_ZONE="Europe/Paris",
    USE_TZ=True,
)
django.setup()
logging.disable()

from django.core.management import call_command
from facturation_fr import api, einvoicing
from facturation_fr.models import EReport, InvoicingSettings, LifecycleEvent
from platform_of_ours import COLLECTED

call_command("migrate", verbosity=0)
InvoicingSettings.get()
InvoicingSettings.objects.update(
    seller_name="CREANCIER SARL",
    seller_address="1 rue d’Essai",
    seller_postal_code="75001",
    seller_city="Paris",
    seller_siren="999000011",
    seller_vat_number="FR66999000011",
    operation_category="services",
    platform="recorder",
)
BUSINESS = api.Buyer("DEBITEUR SAS", "2 rue d’Essai", "69002", "Lyon", siren="999000029", vat_number="FR23999000029")
CONSUMER = api.Buyer("Camille Martin", "3 rue d’Essai", "69002", "Lyon")
for name, buyer in (("business", BUSINESS), ("consumer", CONSUMER)):
    item = api.Item("Conseil", 1, Decimal("120.00"), nature="services")
    made = api.issue_invoice(name, buyer, [item], issue_date=date(2026, 10, 5), paid_at=date(2026, 10, 6))
    api.credit_invoice(f"{name}:refund", made, "Annulation", issue_date=date(2026, 10, 12), paid_at=date(2026, 10, 13))
for _time in range(2):
    einvoicing.sync(today=date(2026, 11, 5))

told = list(LifecycleEvent.objects.filter(code=212).order_by("pk").values_list("message", flat=True))
[report] = EReport.objects.filter(kind=EReport.PAYMENTS)
rows = [(row["flow"], row["date"], row["amount"]) for row in report.rows]
print("business, 212:", COLLECTED, told)
print("consumer:", rows)
assert COLLECTED == [("invoice", "120.00"), ("credit_note", "120.00")]
assert told == ["120.00 € encaissés le 06/10/2026", "120.00 € encaissés le 13/10/2026"]
assert rows == [("10.4", "2026-10-06", "120.00"), ("10.4", "2026-10-13", "-120.00")]
print("As seen.")
PY

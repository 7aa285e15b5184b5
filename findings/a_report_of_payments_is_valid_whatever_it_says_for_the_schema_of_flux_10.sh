#!/usr/bin/env bash
# The schema of the French e-reporting (« flux 10 », external specifications of the DGFiP, 3.2, of 30 April 2026), as two libraries ship it, and
# what they send of one day: two consumers pay a service by transfer, 120.00 and 60.00, with 20 % of VAT. mcp-facture-electronique-fr 0.9.1
# (PyPI, September 2026; its tool submit_payment_report, filled in with the values that it names) and django-facturation-fr 0.3.0 (PyPI,
# October 2026; its step whole). In place of the platforms, lists.
# Seen on 29 November 2026: both ship the same schema of payments, it takes both reports, and they have hardly more in common than the sum:
# - told to send the aggregated report (flux 10.4), the first sends each consumer's invoice by its number, as in flux 10.2; the element for
#   sums (Transactions) it cannot write; the second sends 180.00 of that day, without an invoice;
# - the day is 2026-11-20 for the one, 20261120 for the other; the kind of report 380 (an invoice) and IN (initial); sender and declarant are
#   CS and MOA, and WK and SE; their numbers are of the schemes SIREN, and 0238 and 0002;
# - the schema takes a payment of « hier », a period from « du 31 février » to nothing, the currency « écus », a rate of -2000: each day and code
#   in it is any text, each rate any number. The tool that is there for it (validate_ereporting_xml) says « valid ».
# What follows: valid by this schema is no sign that a report is taken; the formats stand in the annexes of the specifications, and VAT that is
# due when the price is received (CGI art. 269, 2, c; 290 A) is reported only when the platform says that it took the report.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile mcp-facture-electronique-fr==0.9.1 mcp-einvoicing-core==1.34.1 fastmcp==4.2.3 \
    django-facturation-fr==0.3.0 Django==5.2.19 factur-x==6.8
cd "$folder"
cat > platform_of_ours.py <<'PY'
from facturation_fr.platforms import Platform


class Recorder(Platform):
    """A platform that takes everything."""

    code, label = "recorder", "Recorder"
    registration_id, company_name = "0001", "Plateforme d’essai"

    def send_ereport(self, report):
        return "R-1"
PY
cat > first.py <<'PY'
import asyncio
import json
import pathlib
import re

from fastmcp import Client, FastMCP
from mcp_facture_electronique_fr.tools import ereporting_tools

SENT = []


class Recorder:
    """The platform: a list."""

    async def submit_flow(self, **given):
        SENT.append(given)
        return {"flowId": "F-1"}


ereporting_tools._flow_client = Recorder()
server = FastMCP("own")
ereporting_tools.register_ereporting_tools(server)
PAID = [
    {"invoice_id": number, "issue_date": "2026-11-02", "payment_date": "2026-11-20", "subtotals": [{"tax_percent": "20.0", "amount": amount}]}
    for number, amount in (("FA-118", "120.00"), ("FA-119", "60.00"))
]
GIVEN = {
    "transmission_id": "T-1", "issue_datetime": "20261201T120000+0100", "type_code": "380",
    "sender_id": "999000011", "sender_id_scheme": "SIREN", "sender_name": "CREANCIER SARL", "sender_role_code": "CS",
    "issuer_id": "999000011", "issuer_id_scheme": "SIREN", "issuer_name": "CREANCIER SARL", "issuer_role_code": "MOA",
    "period_start": "2026-11-01", "period_end": "2026-11-30", "invoices_json": json.dumps(PAID),
    "flow_type": "AggregatedCustomerPaymentReport", "processing_rule": "B2C",
}  # fmt: skip


async def main():
    async with Client(server) as client:
        asked = (await client.call_tool("submit_payment_report", GIVEN)).data
        token = re.search(r"[0-9a-f]{32}", json.dumps(asked)).group()
        await client.call_tool("submit_payment_report", {**GIVEN, "confirmation_token": token})
        [report] = [given["file_content"].decode() for given in SENT]
        assert SENT[0]["flow_type"] == "AggregatedCustomerPaymentReport"
        wrong = report.replace("<Date>2026-11-20<", "<Date>hier<").replace("2026-11-01", "du 31 février").replace("2026-11-30", "")
        wrong = wrong.replace("20.0<", "-2000<").replace("</TaxPercent>", "</TaxPercent><CurrencyCode>écus</CurrencyCode>")
        for text in (report, wrong):
            answer = (await client.call_tool("validate_ereporting_xml", {"xml_content": text})).data
            print(text, answer)
            assert answer["valid"] is True
        assert wrong.count("hier") == wrong.count("écus") == wrong.count("-2000") == 2
        pathlib.Path("first.xml").write_text(report)


asyncio.run(main())
PY
cat > second.py <<'PY'
import logging
import pathlib
from datetime import date
from decimal import Decimal

import django
import facturation_fr
import mcp_facture_electronique_fr
from django.conf import settings
from lxml import etree

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
from facturation_fr.models import EReport, InvoicingSettings

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
for name, amount in (("FA-118", "120.00"), ("FA-119", "60.00")):
    buyer = api.Buyer(f"Client {name}", "3 rue d’Essai", "69002", "Lyon")
    item = api.Item("Conseil", 1, Decimal(amount), nature="services")
    api.issue_invoice(name, buyer, [item], issue_date=date(2026, 11, 2), paid_at=date(2026, 11, 20))
einvoicing.sync(today=date(2026, 12, 5))
[report] = EReport.objects.filter(kind=EReport.PAYMENTS)
print(report.xml)

SCHEMAS = [
    pathlib.Path(facturation_fr.__file__).parent / "xsd" / "ereporting",
    pathlib.Path(mcp_facture_electronique_fr.__file__).parent / "resources" / "dgfip" / "xsd",
]
parts = [[etree.canonicalize(from_file=str(path / f"{name}.xsd")) for name in ("payment", "report")] for path in SCHEMAS]
assert parts[0] == parts[1]
reports = [etree.fromstring(text.encode()) for text in (pathlib.Path("first.xml").read_text(), report.xml)]
for path in SCHEMAS:
    schema = etree.XMLSchema(file=str(path / "ereporting.xsd"))
    assert all(schema.validate(each) for each in reports)


def texts(tag):
    return [[node.text for node in each.iter(tag)] for each in reports]


assert texts("InvoiceID") == [["FA-118", "FA-119"], []]
assert [len(each.findall("PaymentsReport/Transactions")) for each in reports] == [0, 1]
assert texts("Amount") == [["120.00", "60.00"], ["180.00"]]
assert texts("Date") == [["2026-11-20"] * 2, ["20261120"]]
assert texts("StartDate") == [["2026-11-01"], ["20261101"]]
assert texts("TypeCode") == [["380"], ["IN"]]
assert texts("RoleCode") == [["CS", "MOA"], ["WK", "SE"]]
schemes = [[node.get("schemeId") for node in each.iter("Id") if node.get("schemeId")] for each in reports]
assert schemes == [["SIREN", "SIREN"], ["0238", "0002"]]
print("As seen.")
PY
env/bin/python -W ignore first.py
env/bin/python -W ignore second.py

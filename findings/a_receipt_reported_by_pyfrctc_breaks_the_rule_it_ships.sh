#!/usr/bin/env bash
# pyfrctc 0.24 (PyPI): messages of the life cycle of French e-invoices (CDAR, XP Z12-012) made and read by the library, checked
# by the schema and by the schematron (BR-FR-CDV) that it ships, which saxonche 13.1.1 runs.
# Seen on 28 November 2026:
# - « encaissée » (212) with amount and rate of VAT (MDT-224), as BR-FR-CDV-14 asks for: the rate is left out without a word,
#   the schema is content, the schematron refuses the message; with the rate written into it by hand, both are;
# - asked to check the schematron itself where no server of Saxon answers, it makes the message, and says so in its log alone;
# - a message about three invoices (the schema and the schematron take it): read, numbers and statuses are lists, and the
#   reasons one list without their invoice: which of the three was refused as a duplicate is not in what it gives;
# - of what is collected in two rates, each amount is a float, and no rate tells them apart.
# What follows: each reference of a message is read apart, with its own reasons, and amounts are decimal.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile pyfrctc==0.24 saxonche==13.1.1
"$folder/env/bin/python" - <<'PY'
import datetime as dt
import re
from importlib import resources

from lxml import etree
from pyfrctc import pyfrctc
from saxonche import PySaxonProcessor

DAY = dt.datetime(2026, 11, 20, 9, 0)
SELLER, BUYER = "999000011", "820043784"


def make(code, name, statuses, **options):
    """Return a message of the buyer's platform on one invoice."""
    values = {
        "MDT-2": "REGULATED", "MDT-3": "urn.cpro.gouv.fr:1p0:CDV:invoice", "MDT-4": "CDV-1", "MDT-8": DAY, "MDT-21": "WK",
        "MDT-38": {"0002": BUYER}, "MDT-39": "ACHETEUR", "MDT-40": "BY", "MDT-57": {"0002": SELLER}, "MDT-58": "VENDEUR",
        "MDT-59": "SE", "MDT-73": SELLER, "MDT-73-1": "0225", "MDT-74": False, "MDT-77": "23", "MDT-78": DAY,
        "MDT-87": "FA-118", "MDT-91": "380", "MDT-100": DAY, "MDT-105": code, "MDT-106": name,
        "MDT-129": {"0002": SELLER}, "MDG-37": statuses,
    }  # fmt: skip
    return pyfrctc.generate_cdar(values, **options).decode()


def check(message):
    """Return the rules of the schematron that a message breaks; the schema is content, or this raises."""
    pyfrctc.check_cdar_xsd(etree.fromstring(message.encode()))
    sheet = str(resources.files("pyfrctc") / pyfrctc.CDAR_XSLT_FILE)
    with PySaxonProcessor(license=False) as processor:
        runner = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=sheet)
        report = runner.transform_to_string(xdm_node=processor.parse_xml(xml_text=message))
    failed = etree.fromstring(report.encode()).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
    return [re.search(r"BR-FR-[A-Z]+-[A-Z0-9-]+", "".join(each.itertext()))[0] for each in failed]


def collected(amount, rate):
    return {"MDT-207": "MEN", "MDT-215": {"float": amount, "currency": "EUR"}, "MDT-219": DAY, "MDT-224": rate}


paid = [{"MDG-43": [collected(120.0, 20.0), collected(110.0, 10.0)]}]
nobody = {"check_schematron": True, "saxon_server_url": "http://127.0.0.1:9/"}
receipt = make("212", "Encaissée", paid, **nobody)
broken = check(receipt)
print("a receipt, made and « checked »:", *broken)
assert broken == ["BR-FR-CDV-14"], broken
with_rate = receipt.replace("</ram:ValueDateTime>", "</ram:ValueDateTime><ram:ValuePercent>20.00</ram:ValuePercent>")
assert check(with_rate) == []
[status] = pyfrctc.parse_cdar(with_rate.encode())["doc_status"]
print("read:", *[sorted(each) for each in status["doc_characteristics"]])
assert [sorted(each) for each in status["doc_characteristics"]] == [["amount", "date", "type_code"]] * 2
assert isinstance(status["doc_characteristics"][0]["amount"]["float"], float)

refusal = make("210", "Refusée", [{"MDT-113": "DOUBLON", "MDT-114": "Doublon"}])
[reference] = re.findall(r"<ram:ReferenceReferencedDocument>.*</ram:ReferenceReferencedDocument>", refusal, re.S)
second = reference.replace("FA-118", "FA-119").replace(">210<", ">204<").replace("Refusée", "Prise en charge")
second = re.sub(r"<ram:SpecifiedDocumentStatus>.*</ram:SpecifiedDocumentStatus>", "", second, flags=re.S)
first = reference.replace("FA-118", "FA-117").replace(">210<", ">205<").replace("Refusée", "Approuvée")
first = re.sub(r"<ram:SpecifiedDocumentStatus>.*</ram:SpecifiedDocumentStatus>", "", first, flags=re.S)
three = refusal.replace(reference, first + reference + second).replace(">false<", ">true<")
assert check(three) == []
read = pyfrctc.parse_cdar(three.encode())
print("three invoices:", read["invoice_number"], read["status_code"], [each["reason_code"] for each in read["doc_status"]])
assert read["invoice_number"] == ["FA-117", "FA-118", "FA-119"] and read["status_code"] == ["205", "210", "204"]
assert [each["reason_code"] for each in read["doc_status"]] == ["DOUBLON"]
print("As seen.")
PY

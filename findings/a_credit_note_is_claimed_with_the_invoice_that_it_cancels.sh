#!/usr/bin/env bash
# facturex 0.6.4 (PyPI): its ledger of what customers owe, given an invoice of 120.00 and the credit note (type 381) that cancels
# it, both built by the library from its own form, at 30 days; the PDF drawn by pypdfium2 5.15.2, its code read by zxing-cpp 3.1.1.
# Seen on 28 November 2026:
# - 240.00 are left to collect; in the list of what is overdue the credit note stands beside the invoice, with its own days of delay
#   and 120.00 still owed;
# - the reports on the same ledger deduct credit notes, as their page says, and find a turnover of 0.00;
# - the PDF of the credit note bears a code of a SEPA transfer (EPC 069-12): whoever scans it pays the creditor another 120.00;
# - « paid », the one way to get it off the list, books 120.00 as received.
# What follows: the sign of a document is read from its type before anything is summed, aged or claimed; what the creditor owes gets
# no due date against the debtor and no code to pay it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile facturex==0.6.4 PyYAML==6.0.4 qrcode==8.2 pillow==13.0.0 \
    pypdfium2==5.15.2 zxing-cpp==3.1.1
FACTUREX_HOME="$folder/home" "$folder/env/bin/python" - "$folder" <<'PY'
import datetime
import pathlib
import sys

import pypdfium2
import zxingcpp
from facturex.builder import build_file
from facturex.ledger import Ledger
from facturex.pdfgen import invoice_pdf_rich
from facturex.reports import Reports

FOLDER = pathlib.Path(sys.argv[1])
FORM = """
numero: {number}
type: {kind}
date: 2026-09-01
emetteur:
  nom: CREANCIER SARL
  siret: "99900001100018"
  adresse: {{ligne1: 1 rue du Port, code_postal: "69001", ville: LYON}}
client: {{nom: DEBITEUR SAS, adresse: {{ligne1: 2 quai du Nord, code_postal: "44000", ville: NANTES}}}}
lignes:
  - {{designation: Prestation, quantite: 1, prix: 100.00, taux: 20}}
references: {{bon_commande: FA-2026-0001}}
paiement: {{delai: 30j, iban: FR7630006000011234567890189, moyen: virement}}
"""


def build(kind, number):
    form = FOLDER / f"{number}.yaml"
    form.write_text(FORM.format(kind=kind, number=number))
    return build_file(form).invoice


def scanned(invoice):
    """Return the rows of the one code that the first page of the PDF shows."""
    page = pypdfium2.PdfDocument(invoice_pdf_rich(invoice, attach_xml=False))[0]
    [code] = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    return code.text.split("\n")


ledger = Ledger(FOLDER / "ledger.db")
invoice, credit = build("facture", "FA-2026-0001"), build("avoir", "AV-2026-0001")
for document in (invoice, credit):
    print(document.number, "type", document.type_code, "due", document.due_date, document.effective_amount_due())
    ledger.record(document, status="sent")
assert (invoice.type_code, credit.type_code, credit.is_credit_note()) == ("380", "381", True)

totals, overdue = ledger.totals(), ledger.overdue(datetime.date(2026, 11, 28))
late = [(each["number"], each["jours_retard"], each["reste"]) for each in overdue]
turnover = Reports(ledger).revenue()
print("left to collect", totals["reste_a_encaisser"], "overdue", late, "turnover", turnover["ttc"])
assert totals["reste_a_encaisser"] == "240.00"
assert late == [("FA-2026-0001", 58, "120.00"), ("AV-2026-0001", 58, "120.00")]
assert (str(turnover["ttc"]), turnover["avoirs"]) == ("0.00", 1)

code = scanned(credit)
print("scanned from the credit note:", *code)
assert (code[0], code[3], code[5:8], code[10]) == (
    "BCD", "SCT", ["CREANCIER SARL", "FR7630006000011234567890189", "EUR120.00"], "AV-2026-0001"
)
ledger.pay("AV-2026-0001", date="2026-11-28")
print("once the credit note is paid:", ledger.totals())
assert (ledger.totals()["encaisse"], ledger.totals()["reste_a_encaisser"]) == ("120.00", "120.00")
print("As seen.")
PY

#!/usr/bin/env bash
# badcop 0.1.1 (PyPI), which reminds of the invoices of a CSV, with interest, and closes those that a bank's CSV shows as paid: both files
# with the amounts as a French program writes them (« 1234,56 », in quotation marks, since the comma also parts the columns).
# Seen on 29 November 2026, without an error or a warning:
# - in the file of the invoices the comma is dropped, in that of the bank it is the sign of the decimals: an invoice of 1 234,56 is
#   one of 123 456.00, which the reminder claims with 1 728.38 of interest where 17.28 have grown; the payment of 1 234,56 that
#   names this invoice « has no open invoice with this amount »;
# - another one of 480,00, from a payer and for an invoice that are in no list, closes the only open invoice of 480.00, of somebody
#   else, with « high » confidence: name and number are read only where two invoices have that amount;
# - the option that closes them writes the file anew, with 123456.00: what the invoice said is left in the copy (.bak) alone, and
#   there until the next time;
# - euros and dollars are one sum, called by the first currency of the settings.
# What follows: one reader for amounts, which refuses what it could read in two ways; the sum of what was read is compared with the
# file's; and an amount alone never says whose payment it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile badcop==0.1.1
mkdir "$folder/office"
cd "$folder/office"
badcop() { "$folder/env/bin/badcop" "$@"; }
badcop init
cat > invoices.csv <<'CSV'
invoice_id,client_name,client_email,amount,currency,issued_date,due_date,status
FA-118,ALPHA SAS,compta@alpha.example,"1234,56",EUR,2026-10-15,2026-11-01,open
FA-119,BETA SARL,compta@beta.example,"480.00",EUR,2026-10-15,2026-11-01,open
FA-120,DELTA INC,ap@delta.example,"1000.00",USD,2026-10-15,2026-11-01,open
CSV
cat > bank.csv <<'CSV'
date,amount,description
2026-11-27,"1234,56",VIR ALPHA SAS FA-118
2026-11-27,"480,00",VIR GAMMA SA REGLEMENT FA-97
CSV
see() { # text file: print the lines of the file with the text, or fail
    grep -F -- "$1" "$2" || { echo "Not there any more: $1" >&2 && exit 1; }
}
badcop run --dry-run --verbose --today 2026-11-29 > claimed.txt
see "FA-118 -> compta@alpha.example [final, +28d]" claimed.txt
see "123,456.00" claimed.txt
see "1,728.38" claimed.txt
badcop match bank.csv --apply > matched.txt
see "| 1234.56 | VIR ALPHA SAS FA-118 | none | - | no open invoice with this amount" matched.txt
see "| 480.00 | VIR GAMMA SA REGLEMENT FA-97 | high | FA-119 | unique amount match |" matched.txt
see "FA-118,ALPHA SAS,compta@alpha.example,123456.00,EUR,2026-10-15,2026-11-01,open" invoices.csv
see "FA-119,BETA SARL,compta@beta.example,480.00,EUR,2026-10-15,2026-11-01,paid,2026-11-27" invoices.csv
badcop report > outstanding.txt
see "Outstanding: USD 124,456.00** across 2 open invoices." outstanding.txt
echo "As seen."

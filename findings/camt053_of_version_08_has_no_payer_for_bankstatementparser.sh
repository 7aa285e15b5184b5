#!/usr/bin/env bash
# bankstatementparser 0.0.29 (PyPI): the payer of a receipt in a bank statement of version 08 (camt.053.001.08, which French banks send
# in place of version 02). Since version 04 a related party stands one element deeper, <Dbtr><Pty><Nm>, to tell it from a bank.
# Seen on 28 November 2026: both versions are accepted, amounts, days and references are read alike; the payer's name is read
# from version 02 and empty from version 08, without an error.
# What follows for a ledger: a transfer that names its payer only there is matched with no customer; the party is looked for in both
# places, whatever the version announces.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet bankstatementparser==0.0.29
"$folder/env/bin/python" - "$folder/statement.xml" <<'PY'
import sys
from pathlib import Path

from bankstatementparser import CamtParser

STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-11-05T08:00:00</CreDtTm></GrpHdr>
<Stmt><Id>1</Id><CreDtTm>2026-11-05T08:00:00</CreDtTm>
<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-04</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-05</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{status}
<BookgDt><Dt>2026-11-05</Dt></BookgDt><ValDt><Dt>2026-11-05</Dt></ValDt>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
{amount}<RltdPties><Dbtr>{payer}</Dbtr></RltdPties><RmtInf><Ustrd>NOVEMBER</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""
NAME = "<Nm>Ebenisterie du Canal</Nm>"
VERSIONS = {
    "02": {"status": "<Sts>BOOK</Sts>", "amount": "", "payer": NAME},
    "08": {
        "status": "<Sts><Cd>BOOK</Cd></Sts>",
        "amount": '<Amt Ccy="EUR">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>',
        "payer": f"<Pty>{NAME}</Pty>",
    },
}
seen = {}
for version, parts in VERSIONS.items():
    path = Path(sys.argv[1])
    path.write_text(STATEMENT.format(version=version, **parts), "utf-8")
    [row] = CamtParser(str(path)).parse().to_dict("records")
    seen[version] = str(row["Amount"]), row["Reference"], row["Debtor"]
print(seen)
assert seen == {"02": ("50.00", "NOVEMBER", "Ebenisterie du Canal"), "08": ("50.00", "NOVEMBER", "")}
print("As seen.")
PY

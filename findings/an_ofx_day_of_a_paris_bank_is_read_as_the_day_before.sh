#!/usr/bin/env bash
# ofxparse 0.21 and ofxtools 1.1.1 (PyPI): the day of a receipt in an OFX statement (OFX 1.0.2, 3.2.8.2: a date with its
# zone in brackets), as a bank in Paris writes its accounting day.
# Seen on 28 November 2026: « 20261105000000[+1:CET] » is 4 November 2026 at 23:00 for both; ofxparse gives it without
# any zone, so that the 5th cannot be found again; the same day without a zone is the 5th for both. ofxtools refuses
# « 1 234,56 », ofxparse reads it, and « 1.234,56 » too, as 1234.56.
# What follows: the interest that a payment stops ends on its accounting day; the day is taken from the first eight
# digits, never from the converted moment.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet ofxparse==0.21 ofxtools==1.1.1
"$folder/env/bin/python" -W ignore - <<'PY'
import datetime
import decimal
import io

import ofxparse
from ofxtools.Parser import OFXTree

STATEMENT = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20261106<LANGUAGE>FRA</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>30006<BRANCHID>00001<ACCTID>12345678901<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261130
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>A1<NAME>VIREMENT RECU</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>10.00<DTASOF>20261130</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def first(day, amount="10.00"):
    made = io.BytesIO(STATEMENT.format(day=day, amount=amount).encode("cp1252"))
    [line] = ofxparse.OfxParser.parse(made).account.statement.transactions
    return line.date, line.amount


def second(day, amount="10.00"):
    tree = OFXTree()
    tree.parse(io.BytesIO(STATEMENT.format(day=day, amount=amount).encode("cp1252")))
    [line] = tree.convert().statements[0].transactions
    return line.dtposted, line.trnamt


before = datetime.datetime(2026, 11, 4, 23)
zoned = [read("20261105000000[+1:CET]")[0] for read in (first, second)]
bare = [read("20261105")[0] for read in (first, second)]
print("with its zone:", *zoned, "| without:", *bare)
assert zoned[0] == before and zoned[0].tzinfo is None
assert zoned[1] == before.replace(tzinfo=datetime.timezone.utc)
assert [day.date() for day in bare] == [datetime.date(2026, 11, 5)] * 2
for text in ("1 234,56", "1.234,56"):
    assert first("20261105", text)[1] == decimal.Decimal("1234.56")
    try:
        second("20261105", text)
    except decimal.InvalidOperation:
        print(text, "is refused by the one and 1234.56 for the other")
    else:
        raise AssertionError("ofxtools reads it now")
print("As seen.")
PY

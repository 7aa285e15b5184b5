#!/usr/bin/env bash
# reconcile-mcp 0.0.7 (PyPI, October 2026), which tells « did the money we expected arrive », given the entries of a statement as camt053 0.0.23
# (PyPI), of the same suite, lists them; its page has them fed « straight in ». The statement is valid by the schema that camt053 ships:
# a direct debit of 250.00 that came back (FA-102, MD06), the rent of 300.00 that was paid, a transfer of 480.00 received for FA-119.
# Open are FA-118 of Durand, 550.00, and FA-119 of Martin, 480.00, both due on that day.
# Seen on 29 November 2026, without an error:
# - FA-118, of which nothing was paid, is settled by the returned debit and the rent: score 1.0, confidence « high », difference 0.00. The
#   side of an entry (CdtDbtInd) is not taken over, and two amounts that add up need nothing else in common with the invoice;
# - FA-119 is unpaid, though the transfer names it (EndToEndId), with the right amount, day and payer: references and names are looked
#   for in the entry, where the bank has its own number, and not in its details. The pair gets 0.5; 0.55 is asked for;
# - given by hand, in the fields that the page names, the returned debit itself is an « exact » payment of FA-102 with 1.0;
# - without the two debits, nothing at all is matched.
# What follows: money that leaves never pays an invoice, and a debit that came back opens one; a sum of several receipts is one of receipts
# of the same payer, or of what a person chose; amounts alone propose, they do not settle.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile reconcile-mcp==0.0.7 camt053==0.0.23
"$folder/env/bin/python" - <<'PY'
from pathlib import Path

import camt053
import xmlschema
from camt053 import services
from reconcile_mcp.adapters import from_camt053
from reconcile_mcp.engine import explain_pair, reconcile

DAY, TIME = "2026-11-20", "<CreDtTm>2026-11-20T20:00:00</CreDtTm>"


def entry(number, side, amount, reference, name, returned=False):
    reversal = "<RvslInd>true</RvslInd>" if returned else ""
    reason = "<RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf>" if returned else ""
    role = "Dbtr" if side == "CRDT" or returned else "Cdtr"
    return (
        f'<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{reversal}<Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{DAY}</Dt></BookgDt><ValDt><Dt>{DAY}</Dt></ValDt><BkTxCd><Prtry><Cd>B1</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{reference}</EndToEndId></Refs><RltdPties><{role}><Nm>{name}</Nm></{role}></RltdPties>"
        f"<RmtInf><Ustrd>{reference}</Ustrd></RmtInf>{reason}</TxDtls></NtryDtls></Ntry>"
    )


def balance(code, amount):
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{kind}<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{DAY}</Dt></Dt></Bal>'


def observed(closing, *entries):
    """Return the entries of a statement that its schema finds valid, as the suite hands them over."""
    xml = (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>{TIME}</GrpHdr>'
        f"<Stmt><Id>S1</Id>{TIME}<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>{balance('OPBD', '1000.00')}"
        f"{balance('CLBD', closing)}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    )
    xmlschema.validate(xml, str(Path(camt053.__file__).parent / "xsd/camt.053.001.02.xsd"))
    return from_camt053(services.list_entries(xml))


def due(number, amount, name):
    return {"id": number, "amount": amount, "currency": "EUR", "date": DAY, "counterparty": name, "reference": number}


OPEN = [due("FA-118", "550.00", "Durand SARL"), due("FA-119", "480.00", "Martin SAS")]
returned = entry("1", "DBIT", "250.00", "FA-102", "Petit SARL", returned=True)
rent = entry("2", "DBIT", "300.00", "LOYER", "Bailleur SCI")
received = entry("3", "CRDT", "480.00", "FA-119", "Martin SAS")

found = observed("930.00", returned, rent, received)
report = reconcile(OPEN, found)
[match] = report["matches"]
seen = [match[name] for name in ("type", "expected", "observed", "score", "confidence", "amount_delta", "reasons")]
print("matched:", *seen, "| unpaid:", report["unmatched_expected"], "| unknown:", report["unmatched_observed"])
assert seen == ["one_to_many", ["FA-118"], ["CAMT-0", "CAMT-1"], 1.0, "high", "0.00", ["amount sum of 2 entries"]]
assert (report["unmatched_expected"], report["unmatched_observed"]) == (["FA-119"], ["CAMT-2"])

pair = explain_pair(OPEN[1], found[2])
print("FA-119 and its transfer:", found[2], pair["score"], pair["signals"])
assert (found[2]["reference"], found[2]["counterparty"], pair["score"], pair["confidence"]) == ("3", "", 0.5, "low")

by_hand = due("B-1", "250.00", "Petit SARL") | {"reference": "FA-102"}
[match] = reconcile([due("FA-102", "250.00", "Petit SARL")], [by_hand])["matches"]
print("the returned debit by hand:", match["type"], match["score"], match["reasons"])
assert (match["type"], match["score"], match["confidence"]) == ("exact", 1.0, "high")

report = reconcile(OPEN, observed("1480.00", received))
print("the transfer alone:", report["matches"], report["unmatched_expected"])
assert (report["matches"], report["unmatched_expected"]) == ([], ["FA-118", "FA-119"])
print("As seen.")
PY

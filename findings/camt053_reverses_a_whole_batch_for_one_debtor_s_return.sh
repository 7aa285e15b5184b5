#!/usr/bin/env bash
# camt053 0.0.23 (PyPI): a camt.054 in which the bank books the returned debits of two debtors as one entry (Btch), and
# the money that the creditor paid back to a third stands as another.
# Seen on 28 November 2026:
# - what each of the two returned is not in what it reads: the details have a reference, a reason and a name, no amount;
# - asked for the entry that reverses what came back with MD06 (100.00, refund asked for by the second debtor), it makes one
#   of 350.00, in the name of the first, for AM04 (no funds); asked for AM04, the same again: 700.00 for 350.00 returned;
# - the counterparty of the money paid back is the owner of the account himself, with his own IBAN: the debtor of a payment
#   is taken first, whichever way the money goes.
# What follows: the debt of each debtor is opened again by the amount of his own TxDtls, and the other party is the
# creditor of what went out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile camt053==0.0.23
"$folder/env/bin/python" - <<'PY'
import dataclasses

from camt053 import parse_statement
from camt053.models import TransactionDetails
from camt053.reversal import build_reversal_records

OWNER, OTHER = "FR7630006000011234567890189", "FR1420041010050500013M02606"


def party(role, name, iban):
    return f"<{role}><Pty><Nm>{name}</Nm></Pty></{role}><{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct>"


def transaction(reference, amount, parties, reason=""):
    returned = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    return (
        f'<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt>'
        f"<CdtDbtInd>DBIT</CdtDbtInd><RltdPties>{parties}</RltdPties>{returned}</TxDtls>"
    )


def entry(amount, family, details, reversed_="false"):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>{reversed_}</RvslInd>'
        "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
        f"<Cd>{family[0]}</Cd><SubFmlyCd>{family[1]}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


HEAD = "<CreDtTm>2026-11-20T08:00:00</CreDtTm>"
BATCH = (
    "<Btch><NbOfTxs>2</NbOfTxs></Btch>"
    + transaction("FA1", "250.00", "<Dbtr><Pty><Nm>DEBITEUR UN</Nm></Pty></Dbtr>", "AM04")
    + transaction("FA2", "100.00", "<Dbtr><Pty><Nm>DEBITEUR DEUX</Nm></Pty></Dbtr>", "MD06")
)
REFUND = transaction("REMB1", "80.00", party("Dbtr", "CREANCIER SARL", OWNER) + party("Cdtr", "CLIENT TROIS", OTHER))
NOTIFICATION = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
    f"<GrpHdr><MsgId>M1</MsgId>{HEAD}</GrpHdr><Ntfctn><Id>N1</Id>{HEAD}<Acct><Id><IBAN>{OWNER}</IBAN></Id></Acct>"
    + entry("350.00", ("IDDT", "UPDD"), BATCH, "true") + entry("80.00", ("ICDT", "ESCT"), REFUND)
    + "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
)

statement = parse_statement(NOTIFICATION)
KEYS = ("amount", "reason_code", "end_to_end_id", "counterparty_name")
reversed_ = {}
for code in ("AM04", "MD06"):
    [record] = build_reversal_records(statement, code)
    reversed_[code] = tuple(record[key] for key in KEYS)
    print("reversing", code, *reversed_[code])
assert reversed_["AM04"] == reversed_["MD06"] == ("350.00", "AM04", "FA1", "DEBITEUR UN"), reversed_
batch, refund = statement.entries
print("in the batch:", *[(each.end_to_end_id, each.reason_code, each.counterparty_name) for each in batch.details])
assert [each.reason_code for each in batch.details] == ["AM04", "MD06"]
names = [field.name for field in dataclasses.fields(TransactionDetails)]
print("what is read of each:", *names)
assert not [name for name in names if "amount" in name or "amt" in name]
[paid] = refund.details
print("paid back", refund.amount, "to", paid.counterparty_name, paid.counterparty_account)
assert (paid.counterparty_name, paid.counterparty_account) == ("CREANCIER SARL", OWNER)
print("As seen.")
PY

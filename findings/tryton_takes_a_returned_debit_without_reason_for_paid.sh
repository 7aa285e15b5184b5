#!/usr/bin/env bash
# trytond_account_payment_sepa 8.2.0 (PyPI, Tryton): its reader of camt.054 given a notification that its own schema of
# camt.054.001.04 finds valid: a direct debit collected, one returned without a reason, one returned for AM04.
# Seen on 28 November 2026:
# - the debit that the bank reverses (RvslInd, sub-family UPDD: returned unpaid) without a reason (RtrInf is optional) is
#   set to succeeded: the presence of RtrInf alone says what is a return;
# - the debit that was collected is not found: an entry in credit is looked for among what the firm pays, an entry in debit
#   among what it receives, which is right for returns only;
# - a value date with an hour (ValDt/DtTm, as the schema allows) is none: the element is tested for being true, and an
#   element of lxml without children is false; the clearing takes the day on which the file is read.
# What follows: whether a debit came back is read from RvslInd and the family of the entry, the reason is only its reason,
# and the day of the money is read in both its forms.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile trytond==8.2.1 trytond_account_payment_sepa==8.2.0
"$folder/env/bin/python" -W ignore - <<'PY'
from io import BytesIO
from pathlib import Path

from lxml import etree
from trytond.modules import account_payment_sepa
from trytond.modules.account_payment_sepa.sepa_handler import CAMT054
from trytond.transaction import Transaction

TIME = "2026-11-20T08:00:00"


def entry(number, reference, side, sub_family, value, reversal="", returned=""):
    party = "<RltdPties><Dbtr><Nm>DEBITEUR</Nm></Dbtr></RltdPties>"
    return (
        f'<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">250.00</Amt><CdtDbtInd>{side}</CdtDbtInd>{reversal}'
        f"<Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt>{value}</ValDt><BkTxCd><Domn><Cd>PMNT</Cd>"
        f"<Fmly><Cd>IDDT</Cd><SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{reference}</EndToEndId></Refs><Amt Ccy=\"EUR\">250.00</Amt><CdtDbtInd>{side}</CdtDbtInd>"
        f"{party}{returned}</TxDtls></NtryDtls></Ntry>"
    )


DAY, HOUR = "<Dt>2026-11-19</Dt>", "<DtTm>2026-11-19T00:00:00</DtTm>"
BACK = "<RvslInd>true</RvslInd>"
SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.04"
CONTENT = (
    f'<Document xmlns="{SPACE}"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M1</MsgId><CreDtTm>{TIME}</CreDtTm></GrpHdr>'
    f"<Ntfctn><Id>N1</Id><CreDtTm>{TIME}</CreDtTm><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>"
    + entry(1, "COLLECTED", "CRDT", "ESDD", DAY)
    + entry(2, "RETURNED-SILENTLY", "DBIT", "UPDD", HOUR, BACK)
    + entry(3, "RETURNED-AM04", "DBIT", "UPDD", DAY, BACK, "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>")
    + "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
).encode()

folder = Path(account_payment_sepa.__file__).parent / "tests"
etree.XMLSchema(file=str(folder / "camt.054.001.04.xsd")).assertValid(etree.fromstring(CONTENT))
print("valid by the package's schema")


class Debit:
    """A direct debit that was handed in: money to receive."""

    kind, state, reason, on = "receivable", "processing", "", "not told"

    def __init__(self, reference):
        self.reference = reference

    def __setattr__(self, name, value):
        super().__setattr__("reason" if name == "sepa_return_reason_code" else name, value)


DEBITS = [Debit(name) for name in ("COLLECTED", "RETURNED-SILENTLY", "RETURNED-AM04")]


class Payments:
    """Where the reader looks for payments, and what it does to them."""

    @staticmethod
    def search(domain):
        wanted = {field: value for field, _is, value in domain}
        return [
            debit
            for debit in DEBITS
            if (debit.reference, debit.kind) == (wanted["sepa_end_to_end_id"], wanted["kind"])
        ]

    @staticmethod
    def save(payments):
        pass

    @staticmethod
    def fail(payments):
        for debit in payments:
            debit.state = "failed"

    @staticmethod
    def succeed(payments):
        for debit in payments:
            debit.state, debit.on = "succeeded", Transaction().context["date_value"]


Transaction().context = {}  # no database: the reader itself writes nothing


class Context:
    def __init__(self, **values):
        self.values = values

    def __enter__(self):
        Transaction().context = self.values

    def __exit__(self, *_error):
        Transaction().context = {}


Transaction().set_context = Context
CAMT054(BytesIO(CONTENT), Payments)
for debit in DEBITS:
    print(debit.reference, debit.state, debit.reason or "-", debit.on)
assert [(debit.state, debit.reason) for debit in DEBITS] == [
    ("processing", ""),
    ("succeeded", ""),
    ("failed", "AM04"),
]
assert DEBITS[1].on is None
print("As seen.")
PY

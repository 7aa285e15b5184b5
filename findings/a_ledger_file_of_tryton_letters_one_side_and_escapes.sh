#!/usr/bin/env bash
# trytond_account_fr 8.2.0 (PyPI, Tryton): the « fichier des écritures comptables » (FEC, LPF A47 A-1) of the year in which an
# invoice of the year before is paid and lettered, and of a sale whose label has an inch mark.
# Seen on 28 November 2026:
# - the payment bears its letter (EcritureLet), the invoice that it pays is in no line: earlier years are one sum a customer
#   (OUV, « Balance Initiale »), without letter, so that the lines of that letter do not balance, and the age of what was
#   still owed on the first of January is in no line either;
# - the day of lettering (DateLet) is the day on which somebody clicked, here years after the end of the year, not the day
#   of the reconciliation, by which the same line decides whether the letter is shown at all;
# - a label « Tuyau 2" » is written « Tuyau 2\" »: the file knows no escape sign, a reader by its specification shows both.
# What follows: who proves a debt from a FEC adds up letters over several years' files and never asks one year's to balance.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile \
    trytond==8.2.1 trytond_account==8.2.1 trytond_account_fr==8.2.0 proteus==8.2.0
cd "$folder"
DB_CACHE='' "$folder/env/bin/python" -W ignore - <<'PY'
import datetime as dt
from decimal import Decimal

from proteus import Model, Wizard
from trytond.modules.account.tests.tools import create_fiscalyear
from trytond.modules.account_fr.tests.tools import create_chart, get_accounts
from trytond.modules.company.tests.tools import create_company, get_company
from trytond.tests.tools import activate_modules

config = activate_modules("account_fr", create_company, create_chart)
company = get_company()
siren = company.party.identifiers.new(type="fr_siren")
siren.code = "820043784"
company.party.save()
years = [create_fiscalyear(today=(dt.date(year, 1, 1), dt.date(year, 12, 31))) for year in (2017, 2018)]
for year in years:
    year.click("create_period")
Move, Party = Model.get("account.move"), Model.get("party.party")
customer = Party(name="Client")
customer.save()
accounts = get_accounts()
journals = {journal.code: journal for journal in Model.get("account.journal").find([])}


def post(number, day, journal, label, debit, credit, amount):
    """Post an entry, and return its line on the customer's account."""
    [period] = Model.get("account.period").find(
        [("start_date", "<=", day), ("end_date", ">=", day), ("type", "=", "standard")]
    )
    move = Move(period=period, journal=journals[journal], date=day)
    for account, side in ((debit, "debit"), (credit, "credit")):
        line = move.lines.new(account=accounts[account], description=label)
        setattr(line, side, Decimal(amount))
        if account == "receivable":
            line.party = customer
    move.save()
    values = {"post_date": day, "number": number}
    Move.write([move.id], values, {**config.context, "_check_access": False})
    move.click("post")
    [own] = [line for line in move.lines if line.account == accounts["receivable"]]
    return own


owed = post("1", dt.date(2017, 11, 20), "REV", "Facture 17-118", "receivable", "revenue", "120.00")
paid = post("1", dt.date(2018, 2, 5), "CASH", "Virement", "cash", "receivable", "120.00")
post("2", dt.date(2018, 3, 1), "REV", 'Tuyau 2"', "receivable", "revenue", "60.00")
assert Wizard("account.move.reconcile_lines", [owed, paid]).state == "end"
fec = Wizard("account.fr.fec")
fec.form.fiscalyear = years[1]
adjustment = Model.get("account.period")(
    name="2018 - ANV", start_date=dt.date(2018, 12, 31), end_date=dt.date(2018, 12, 31), fiscalyear=years[1]
)
adjustment.type = "adjustment"
adjustment.save()
fec.form.deferral_period = adjustment
fec.execute("generate")
head, *rows = [line.split("\t") for line in fec.form.file.decode("utf-8").splitlines()]
lines = [dict(zip(head, row)) for row in rows]
shown = ("JournalCode", "CompteNum", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet")
for line in lines:
    print(*[line[name] or "." for name in shown], sep=" | ")
lettered = [line for line in lines if line["EcritureLet"]]
assert [(line["CompteNum"], line["Debit"], line["Credit"]) for line in lettered] == [("4111", "0,00", "120,00")]
[opening] = [line for line in lines if line["JournalCode"] == "OUV" and line["CompteNum"] == "4111"]
assert (opening["EcritureLib"], opening["Debit"], opening["EcritureDate"]) == ("-", "120,00", "20180101")
assert lettered[0]["DateLet"] > "20181231", lettered[0]["DateLet"]
labels = {line["EcritureLib"] for line in lines}
assert 'Tuyau 2\\"' in labels and 'Tuyau 2"' not in labels, labels
print("As seen.")
PY

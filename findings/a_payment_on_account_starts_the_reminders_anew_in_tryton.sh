#!/usr/bin/env bash
# trytond_account_receivable_rule 8.2.0 with trytond_account_dunning_fee 8.2.0 (PyPI, Tryton, October 2026): a rule spreads what customers
# paid without naming an invoice (an account of its own) over what they owe, the earliest due date first, and a part of an invoice where the
# money does not suffice. Alpha and Beta owe 1 000.00 each; both got the reminder of day 5, which costs 40.00, and the formal notice of
# day 20; on day 25 each pays 10.00, Alpha without naming his invoice, Beta on its own account.
# Seen on 29 November 2026, without an error:
# - Beta stays where he is, at the formal notice;
# - Alpha's invoice is reconciled as if it were paid, and a new line of 990.00 with its due date stands in its place: his formal notice is
#   no longer active, the next run gives him the first reminder again, and it costs him 40.00 again, though no day has passed;
# - the entry that takes the 10.00 off the invoice bears the day on which the rule ran, not the day of the payment.
# What follows: a debtor who pays ten euros does not win the weeks that a formal notice waited for, and owes the flat compensation once an
# invoice (C. com. L. 441-10, D. 441-5): a stage belongs to the invoice, whatever lines it is split in.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile trytond==8.2.1 trytond_account_receivable_rule==8.2.0 trytond_account_dunning==8.2.0 \
    trytond_account_dunning_fee==8.2.0 trytond_account_dunning_letter==8.2.0 proteus==8.2.0
cd "$folder"
DB_CACHE='' "$folder/env/bin/python" -W ignore - <<'PY'
import datetime as dt
from decimal import Decimal

from proteus import Model, Wizard
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
from trytond.modules.company.tests.tools import create_company
from trytond.modules.currency.tests.tools import get_currency
from trytond.tests.tools import activate_modules

activate_modules(["account_receivable_rule", "account_dunning_fee"])
create_company(currency=get_currency("EUR"))
create_chart()
TODAY = dt.date.today()
year = create_fiscalyear()
year.click("create_period")
DUE = year.start_date
[PERIOD] = [period for period in year.periods if period.start_date <= DUE <= period.end_date]
ACCOUNTS = get_accounts()
INVOICES = ACCOUNTS["receivable"]
[UNNAMED] = INVOICES.duplicate(default={"name": "Encaissements a repartir"})
Dunning, Line = Model.get("account.dunning"), Model.get("account.move.line")
JOURNALS = {journal.code: journal for journal in Model.get("account.journal").find([])}
general = Model.get("account.journal")(name="Repartition", type="general")
general.save()

rule = Model.get("account.account.receivable.rule")(account=UNNAMED, journal=general, priorities="maturity_date|account")
rule.accounts.new(account=INVOICES, only_reconcile=False)
rule.save()

unit, *_ = Model.get("product.uom").find([("name", "=", "Unit")])
category = Model.get("product.category")(name="Frais", accounting=True, account_revenue=ACCOUNTS["revenue"])
category.save()
template = Model.get("product.template")(name="Indemnite", default_uom=unit, type="service", list_price=Decimal(40))
template.account_category = category
template.save()
fee = Model.get("account.dunning.fee")(name="40 euros", product=template.products[0], journal=JOURNALS["REV"])
fee.compute_method = "list_price"
fee.save()
procedure = Model.get("account.dunning.procedure")(name="Relance puis mise en demeure")
procedure.levels.new(sequence=1, overdue=dt.timedelta(5), fee=fee)
procedure.levels.new(sequence=2, overdue=dt.timedelta(20))
procedure.save()
STAGES = {1: "Relance", 2: "Mise en demeure"}


def new_customer(name):
    customer = Model.get("party.party")(name=name, dunning_procedure=procedure)
    customer.save()
    return customer


def post(customer, amount, account, other, journal, day):
    """Post what a customer owes from that day on, or below zero what he pays."""
    move = Model.get("account.move")(period=PERIOD, journal=JOURNALS[journal], date=day)
    owed = move.lines.new(account=account, party=customer, maturity_date=day if amount > 0 else None)
    against = move.lines.new(account=ACCOUNTS[other])
    (owed if amount > 0 else against).debit = abs(Decimal(amount))
    (against if amount > 0 else owed).credit = abs(Decimal(amount))
    move.save()
    move.click("post")


def remind(days):
    wizard = Wizard("account.dunning.create")
    wizard.form.date = DUE + dt.timedelta(days)
    wizard.execute("create_")
    waiting = Dunning.find([("state", "=", "draft")])
    if waiting:
        Wizard("account.dunning.process", waiting).execute("process")


def look(customer):
    """Return the stages that are active of what a customer owes on his invoices, and the fees that he was charged."""
    stages = [
        (STAGES[told.level.sequence], told.line.debit)
        for told in Dunning.find([("party", "=", customer.id)])
        if told.line.maturity_date == DUE
    ]
    fees = Line.find([("party", "=", customer.id), ("debit", "=", Decimal(40))])
    return stages, sum(line.debit for line in fees)


alpha, beta = new_customer("Alpha"), new_customer("Beta")
for customer in (alpha, beta):
    post(customer, 1000, INVOICES, "revenue", "REV", DUE)
remind(6)
remind(21)
before = {customer.name: look(customer) for customer in (alpha, beta)}
print("day 21:", before)
assert before == dict.fromkeys(("Alpha", "Beta"), ([("Mise en demeure", Decimal("1000.00"))], Decimal("40.00")))

post(alpha, -10, UNNAMED, "cash", "CASH", DUE + dt.timedelta(25))
post(beta, -10, INVOICES, "cash", "CASH", DUE + dt.timedelta(25))
rule.click("apply")
remind(25)
after = {customer.name: look(customer) for customer in (alpha, beta)}
print("day 25:", after)
assert after["Beta"] == before["Beta"]
assert after["Alpha"] == ([("Relance", Decimal("990.00"))], Decimal("80.00"))
[taken] = Line.find([("party", "=", alpha.id), ("account", "=", INVOICES.id), ("credit", ">", 0)])
print("taken off the invoice:", taken.credit - 990, "on the day of the run:", taken.date == TODAY)
assert taken.date == TODAY
print("As seen.")
PY

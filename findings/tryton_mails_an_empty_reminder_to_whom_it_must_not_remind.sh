#!/usr/bin/env bash
# trytond_account_dunning_email 8.2.0 with trytond_account_dunning_fee 8.2.0 (PyPI, Tryton): reminders sent by e-mail with the template
# of the module. Alpha contests his invoice: his reminder is « blocked » (« to block further levels of the procedure »). Beta owes 100.00
# and 1 000.00 and paid 300.00 on account of the latter; Gamma owes 500.00 and pays it after his reminder, which cost him 40.00.
# Seen on 29 November 2026, all of it by « Process », where nobody says a word:
# - Alpha gets an e-mail all the same. Nothing stands in it but the heading « Reminder Notice »: the text leaves out who is blocked,
#   the sending does not; his reminder stays a draft, and the history of it shows an e-mail;
# - each invoice is an e-mail of its own, and each counts all that the customer paid: of Beta's two, that of 100.00 is as empty (300.00
#   are more than 100.00), and yet this reminder is « waiting » with its day, from which the next level follows;
# - Gamma's 40.00 are a receivable without a due date: once the invoice is paid, no reminder is made for them, and none left to show
#   them, while C. com. L. 441-10, II, and D. 441-5 owe them for the delay itself, whether the price was paid since or not.
# What follows: what was sent is read as it went out, not from a state; who must not be reminded is left out where the e-mail is made;
# a part payment counts once, against the invoice it was for; and the 40 euros outlive the invoice.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile trytond==8.2.1 trytond_account_dunning==8.2.0 \
    trytond_account_dunning_email==8.2.0 trytond_account_dunning_fee==8.2.0 trytond_account_dunning_letter==8.2.0 proteus==8.2.0
cd "$folder"
DB_CACHE='' "$folder/env/bin/python" -W ignore - <<'PY'
import datetime as dt
import re
from decimal import Decimal
from unittest.mock import patch

from proteus import Model, Wizard
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
from trytond.modules.account_dunning_email import account as sending
from trytond.modules.company.tests.tools import create_company
from trytond.modules.currency.tests.tools import get_currency
from trytond.tests.tools import activate_modules

# The one thing replaced: the mail server, by a list of what it is handed.
sent = []
patch.object(sending, "SMTPDataManager").start()
patch.object(sending, "send_message_transactional", lambda message, **options: sent.append(message)).start()

activate_modules(["account_dunning_email", "account_dunning_fee"])
create_company(currency=get_currency("EUR"))
create_chart()
year = create_fiscalyear()
year.click("create_period")
PERIOD = year.periods[0]
DUE = PERIOD.start_date
ACCOUNTS = get_accounts()
Dunning, Line = Model.get("account.dunning"), Model.get("account.move.line")
JOURNALS = {journal.code: journal for journal in Model.get("account.journal").find([])}

unit, *_ = Model.get("product.uom").find([("name", "=", "Unit")])
category = Model.get("product.category")(name="Frais", accounting=True, account_revenue=ACCOUNTS["revenue"])
category.save()
template = Model.get("product.template")(name="Indemnite", default_uom=unit, type="service", list_price=Decimal(40))
template.account_category = category
template.save()
fee = Model.get("account.dunning.fee")(name="40 euros", product=template.products[0], journal=JOURNALS["REV"])
fee.compute_method = "list_price"
fee.save()


def new_procedure(name, fee=None):
    """Return a procedure of one reminder by e-mail, five days after the due date, at a fee or for nothing."""
    procedure = Model.get("account.dunning.procedure")(name=name)
    level = procedure.levels.new(sequence=1, overdue=dt.timedelta(5), send_email=True, fee=fee)
    level.email_from = "compta@creancier.example"
    procedure.save()
    return procedure


def new_customer(name, procedure):
    customer = Model.get("party.party")(name=name, dunning_procedure=procedure)
    customer.contact_mechanisms.new(type="email", value=f"{name.lower()}@debiteur.example")
    customer.save()
    return customer


def post(customer, amount, account, journal, label, due=None):
    """Post a receivable of the customer, or below zero his payment, and return that line."""
    move = Model.get("account.move")(period=PERIOD, journal=JOURNALS[journal], date=DUE)
    owed = move.lines.new(account=ACCOUNTS["receivable"], party=customer, description=label, maturity_date=due)
    other = move.lines.new(account=ACCOUNTS[account])
    (owed if amount > 0 else other).debit = abs(Decimal(amount))
    (other if amount > 0 else owed).credit = abs(Decimal(amount))
    move.save()
    move.click("post")
    [line] = [line for line in move.lines if line.party]
    return line


def create_dunnings(days):
    wizard = Wizard("account.dunning.create")
    wizard.form.date = DUE + dt.timedelta(days)
    wizard.execute("create_")


def read(message):
    """Return to whom an e-mail goes, which invoices its text names and whether that is all there is to it."""
    text = " ".join(re.sub(r"<[^>]+>", " ", message.get_body(("plain", "html")).get_content()).split())
    return message["To"].split()[0], re.findall(r"FA-\d", text), text


free = new_procedure("Sans frais")
alpha, beta = (new_customer(name, free) for name in ("Alpha", "Beta"))
gamma = new_customer("Gamma", new_procedure("Avec indemnite", fee))
post(alpha, 1000, "revenue", "REV", "FA-1", DUE)
post(beta, 100, "revenue", "REV", "FA-2", DUE)
post(beta, 1000, "revenue", "REV", "FA-3", DUE)
post(beta, -300, "cash", "CASH", "acompte FA-3")
invoice = post(gamma, 500, "revenue", "REV", "FA-4", DUE)

create_dunnings(6)
for dunning in Dunning.find([("party", "=", alpha.id)]):
    dunning.blocked = True
    dunning.save()
Wizard("account.dunning.process", Dunning.find([])).execute("process")

mails = sorted(map(read, sent))
print(*mails, sep="\n")
assert [mail[:2] for mail in mails] == [("Alpha", []), ("Beta", []), ("Beta", ["FA-3"]), ("Gamma", ["FA-4"])]
assert mails[0][2] == mails[1][2] == "Reminder Notice"
states = {dunning.line.description: (dunning.state, bool(dunning.date)) for dunning in Dunning.find([])}
print(states)
assert states["FA-1"] == ("draft", False) and states["FA-2"] == states["FA-3"] == ("waiting", True)
history = sorted(mail.resource.line.description for mail in Model.get("ir.email").find([]))
assert history == ["FA-1", "FA-2", "FA-3", "FA-4"], history

payment = post(gamma, -500, "cash", "CASH", "FA-4")
Wizard("account.move.reconcile_lines", [invoice, payment])
[left] = Line.find([("party", "=", gamma.id), ("reconciliation", "=", None)])
create_dunnings(400)
reminded = Dunning.find([("party", "=", gamma.id)])
print("Gamma still owes", left.debit, "due on", left.maturity_date, "reminders:", reminded)
assert (left.debit, left.maturity_date, reminded) == (Decimal("40.00"), None, [])
print("As seen.")
PY

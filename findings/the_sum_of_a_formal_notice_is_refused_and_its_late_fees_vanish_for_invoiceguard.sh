#!/usr/bin/env bash
# invoiceguard 0.14.0 (PyPI, October 2026), which reminds by e-mail in three stages and counts late fees by the contract that it writes: its
# own modules (its command line needs Python 3.12), with freezegun 1.5.5 for the days and a list for the mail server. An invoice of
# 1 000.00, due on 1 February 2026, 1 % a month, no days of grace; the creditor's reminders begin on 10 May and run every day.
# Seen on 29 November 2026:
# - the three stages leave on three days running: on 11 May « is 7 days overdue », 99 days after the due date, on 12 May the final notice;
# - the final notice claims 1 030.30, 30.30 of them fees, and says that the fees come after 15 days of grace, of which there are none;
# - the debtor who pays 1 030.30 is refused by the ledger (« exceeds the outstanding balance »); told by the provider of payments, the
#   same 1 030.30 are recorded as 1 000.00, without an error: 30.30 that were received are in no line;
# - with 1 000.00 paid, the invoice is paid and its fees are 0.00; with 900.00 paid, they are 3.03: what had grown for three months is
#   counted again from what is left, as if no more had ever been owed;
# - the fees bear fees each month (French law wants a year: C. civ. 1343-2), and a payment goes to the principal (1343-1: to the interest
#   first).
# What follows: interest is counted between two movements and kept, a payment is imputed on it first, and a notice never claims a sum that
# the books would not take.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile stripe==15.6.2 PyYAML==6.0.4 freezegun==1.5.5
"$folder/env/bin/pip" install --quiet --no-compile --no-deps invoiceguard==0.14.0
cd "$folder"
"$folder/env/bin/python" - <<'PY'
import re
from datetime import date
from pathlib import Path
from unittest.mock import patch

import invoiceguard
from freezegun import freeze_time
from invoiceguard import dunning
from invoiceguard.db import DB
from invoiceguard.late_fees import late_fee_summary
from invoiceguard.webhooks import handle_event

TEMPLATES = Path(invoiceguard.__file__).parent / "email_templates"
db = DB("books.db")
client = db.add_client("Alpha SARL", "compta@debiteur.example")
project = db.add_project(client, "Etude", 100_000, "EUR", late_fee_pct=1.0, late_fee_grace_days=0)


def invoice():
    """Return the number of an invoice that was sent."""
    return db.add_invoice(project, "final", 100_000, "EUR", status="sent", due_date="2026-02-01")


def fees(number, day=date(2026, 5, 12)):
    """Return what is left of an invoice and the fees on it, in cents, and its status."""
    full = db.invoice_full(number)
    told = late_fee_summary(full, as_of=day)
    return full["outstanding_cents"], told["fees_cents"], full["status"]


first, sent = invoice(), []
with patch.object(dunning, "send_email", lambda smtp, to, subject, body: sent.append((subject, " ".join(body.split())))):
    for day in ("2026-05-10", "2026-05-11", "2026-05-12", "2026-05-13"):
        with freeze_time(day):
            for told in dunning.check_due(db, {}, TEMPLATES):
                print(day, told["stage"], "«", told["subject"], "»")
subjects = [subject for subject, _body in sent]
assert len(sent) == 3 and "is 7 days overdue" in subjects[1] and "Final notice" in subjects[2], subjects
body = sent[-1][1]
claimed = re.findall(r"[\d,]+\.\d\d EUR", body)
print("final notice:", claimed, "« 15-day grace period »:", "15-day grace period" in body)
assert claimed == ["1,000.00 EUR", "0.00 EUR", "1,000.00 EUR", "30.30 EUR", "1,030.30 EUR"], claimed
assert "15-day grace period" in body and fees(first) == (100_000, 3030, "overdue")

try:
    db.record_payment(first, 103_030)
    raise SystemExit("taken")
except ValueError as error:
    print("refused:", error)
second = invoice()
paid = {"id": "cs_1", "payment_status": "paid", "amount_total": 103_030, "metadata": {"invoiceguard_invoice_id": str(second)}}
print(handle_event(db, {"id": "evt_1", "type": "checkout.session.completed", "data": {"object": paid}}))
kept = [payment["amount_cents"] for payment in db.payments(second)]
print("received 1030.30, kept", kept, "left, fees, status:", fees(second))
assert (kept, fees(second)) == ([100_000], (0, 0, "paid"))

db.record_payment(first, 90_000)
print("900.00 paid; left, fees, status:", fees(first))
assert fees(first) == (10_000, 303, "partially-paid")
db.record_payment(first, 10_000)
print("1000.00 paid; left, fees, status:", fees(first), "a year later:", fees(first, date(2027, 5, 12)))
assert fees(first) == fees(first, date(2027, 5, 12)) == (0, 0, "paid")
print("As seen.")
PY

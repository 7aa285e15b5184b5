#!/usr/bin/env bash
# gckit 0.1.0 (PyPI, July 2026), which makes of a ledger's open invoices and credit notes one direct debit a customer and a date, and keeps
# a log so that nothing is debited twice; its command whole, with lists in place of Sage and of the provider (GoCardless), which it asks.
# Alpha owes 200.00 due on 4 December and 500.00 due on 11 December, and has a credit note of 300.00: he owes 400.00. Beta owes 500.00 and
# has a credit note of 200.00; his account has no money on the day.
# Seen on 29 November 2026, without an error:
# - Alpha: the credit note covers the first invoice, for which there is nothing to debit, and 100.00 of the second one: 400.00 are debited.
#   The log holds the second invoice and the credit note as used, of the first one nothing;
# - a week later, while the ledger still has all three open, the first invoice is debited in full: 600.00 in all;
# - Beta: 300.00 are asked for and refused; put on the list of what to try again, the invoice is asked for with 500.00: the credit note is
#   used by a debit that brought nothing;
# - the second request bears the key of the first (customer and invoices, not the amount): a provider who keeps his word on that key
#   answers with the debit that was refused.
# What follows: what a credit note has left is counted by what was really collected against it, invoice by invoice; and a request is the
# same only if its amount is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile gocardless_pro==3.22.0 PyYAML==6.0.4 msgraphkit==0.1.0
"$folder/env/bin/pip" install --quiet --no-compile --no-deps gckit==0.1.0
cd "$folder"
printf 'Account Ref,Mandate ID,Customer Name\nALPHA,MD-A,Alpha SARL\nBETA,MD-B,Beta SAS\n' > mandate_map.csv
GC_ACCESS_TOKEN=none "$folder/env/bin/python" - <<'PY'
import csv
import datetime as dt
import logging
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest.mock import MagicMock, patch

# Sage runs on Windows: its reader is not loaded, the ledger below stands for it.
sys.modules["sagekit"] = MagicMock(spec=ModuleType)
for name in ("connect_or_exit", "find_column", "get_columns"):
    setattr(sys.modules["sagekit"], name, MagicMock())

from gckit import cli, consolidate  # noqa: E402
from gckit.models import Credit, Invoice  # noqa: E402

SENT = dt.date(2026, 11, 2)


class Provider:
    """The provider's payments: what was asked of it, and with which status each stands."""

    def __init__(self):
        self.asked = []

    def create(self, params, headers):
        made = SimpleNamespace(id=f"PM-{len(self.asked)}", status="submitted", charge_date=params["charge_date"])
        made.amount, made.metadata, made.description = params["amount"], params["metadata"], params["description"]
        made.links, made.key = SimpleNamespace(mandate=params["links"]["mandate"]), headers["Idempotency-Key"]
        self.asked.append(made)
        return made

    def all(self, params):
        return [made for made in self.asked if made.status == params["status"]]


def run(provider, today, customer):
    """Run the command on a day, unattended, and return what it asked of the provider: invoices, credits, euros and key."""

    class Day(dt.date):
        @classmethod
        def today(cls):
            return cls(today.year, today.month, today.day)

    invoices = [
        Invoice("ALPHA", "1001", SENT, dt.date(2026, 12, 4), 200.0), Invoice("ALPHA", "1002", SENT, dt.date(2026, 12, 11), 500.0),
        Invoice("BETA", "1003", SENT, dt.date(2026, 12, 4), 500.0),
    ]
    credits = [Credit("ALPHA", "901", SENT, 300.0), Credit("BETA", "902", SENT, 200.0)]
    known = len(provider.asked)
    with (
        patch.object(cli, "read_sage_odbc", lambda cursor: (invoices, credits)), patch.object(consolidate, "date", Day),
        patch.object(cli, "make_client", lambda *account: SimpleNamespace(payments=provider)),
        patch.object(cli, "fetch_bank_holidays", lambda region: set()),
        patch.object(sys, "argv", ["gckit", "--unattended", "--customer", customer]),
    ):
        cli.main()
    return [
        (made.metadata["invoices"].split("|")[0], made.metadata["credits"].split("|")[0], made.amount / 100, made.key)
        for made in provider.asked[known:]
    ]


logging.disable(logging.CRITICAL)
provider = Provider()
first = run(provider, dt.date(2026, 11, 30), "ALPHA")
second = run(provider, dt.date(2026, 12, 7), "ALPHA")
total = sum(asked[2] for asked in first + second)
print("Alpha, who owes 400.00:", *[asked[:3] for asked in first + second], "in all", total)
assert [asked[:3] for asked in first] == [("1002", "901", 400.0)]
assert [asked[:3] for asked in second] == [("1001", "0.0", 200.0)]
logged = [(row["invoice_numbers"], row["credit_numbers"]) for row in csv.DictReader(open("collection_log.csv"))]
print("log:", logged)
assert logged == [("1002", "901"), ("1001", "")]

[first] = run(provider, dt.date(2026, 11, 30), "BETA")
provider.asked[-1].status = "failed"
assert run(provider, dt.date(2026, 12, 7), "BETA") == [], "a debit that failed is not tried again by itself"
Path("retry_invoices.txt").write_text("1003\n")
[again] = run(provider, dt.date(2026, 12, 7), "BETA")
print("Beta, who owes 300.00:", first[:3], "refused, then", again[:3], "with the same key:", first[3] == again[3])
assert (first[:3], again[:3], first[3] == again[3]) == (("1003", "902", 300.0), ("1003", "0.0", 500.0), True)
print("As seen.")
PY

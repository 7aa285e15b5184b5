#!/usr/bin/env bash
# recskit 0.1.0 (PyPI, July 2026), which lays the statement of account that a customer sends beside one’s own ledger, line by line, because a
# total that agrees may hide two errors, and takes whole references before parts of them. A customer answers a reminder
# with his statement: FA-118 of 1 000.00, FA-123 of 300.00, FA-12 of 300.00, paid twice 300.00: he owes 1 000.00. The ledger has FA-118,
# FA-123 and one payment of 300.00: he owes 1 000.00 there too. FA-12 was never sent, the second payment never came.
# Seen on 29 November 2026, without an error:
# - « agreed », no issue, nothing missing on either side: FA-12 is found in FA-123, which its own line has found already, and each of the
#   two payments is the one of the ledger; a line of the ledger may answer any number of lines of the customer;
# - a cheque that the customer deducts with 900.00, booked with 90.00 under the same number, is « ok »: where no amount is alike, the
#   number alone is asked, and the amounts are no more compared, as they are for an invoice;
# - the amount comes first: with two payments of 300.00 in the ledger each of the customer's, told apart by their references, is the
#   first of them.
# What follows: a line is answered once; a reference is the whole of it; what was found by its number is compared by its amount. What a
# debtor acknowledges in his statement (C. civ. 2240: it interrupts the limitation) is read line by line, against the money that came.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile recskit==0.1.0
"$folder/env/bin/python" - <<'PY'
from recskit import LedgerInvoice, LedgerPayment, StatementItem, reconcile_statement

INVOICES = [LedgerInvoice("FA-118", 1000.0, outstanding=1000.0), LedgerInvoice("FA-123", 300.0)]
STATEMENT = [
    StatementItem("invoice", "FA-118", 1000.0), StatementItem("invoice", "FA-123", 300.0), StatementItem("invoice", "FA-12", 300.0),
    StatementItem("payment", "VIR 12/10", 300.0), StatementItem("payment", "VIR 26/10", 300.0),
]  # fmt: skip


def told(found):
    return [(each.item.ref, each.status, each.ledger_ref, each.ledger_amount) for each in found.invoice_results + found.payment_results]


found = reconcile_statement(STATEMENT, INVOICES, [LedgerPayment("VIR 12/10", 300.0)], statement_balance=1000.0)
print("agreed:", found.agreed, "issues:", found.issue_count, *told(found), sep="\n  ")
assert (found.agreed, found.issue_count, found.missing_items, found.extra_in_ledger) == (True, 0, [], [])
assert [line[2] for line in told(found)] == ["FA-118", "FA-123", "FA-123", "VIR 12/10", "VIR 12/10"]

cheque = StatementItem("payment", "CHQ 77", 900.0)
found = reconcile_statement([cheque], [], [LedgerPayment("CHQ 77", 90.0)], statement_balance=0.0)
print("the cheque:", told(found), "agreed:", found.agreed)
assert (told(found), found.agreed) == ([("CHQ 77", "ok", "CHQ 77", 90.0)], True)

both = [LedgerPayment("VIR 12/10", 300.0), LedgerPayment("VIR 26/10", 300.0)]
found = reconcile_statement(STATEMENT[-2:], [], both, statement_balance=0.0)
print("two payments:", told(found))
assert [line[2] for line in told(found)] == ["VIR 12/10", "VIR 12/10"]
print("As seen.")
PY

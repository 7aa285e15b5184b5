#!/usr/bin/env bash
# flufl.bounce 6.0.0 (PyPI): who was refused, read from a delivery report (RFC 3464), also from one of a server that
# speaks internationalised mail (RFC 6533: the recipient has the type « utf-8 »).
# Seen on 28 November 2026:
# - a recipient of type « utf-8 » is nobody, even where his address is plain ASCII: no failure is found in the report;
# - a mailbox that is full (4.2.2) and given up is a failure like one that does not exist (5.1.1), while one that only
#   waits (« delayed ») is told apart;
# - « relayed » and « expanded », after which nothing more is ever heard, are neither.
# What follows: a report in which no recipient is found still stops the counting of that message as received.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet flufl.bounce==6.0.0
"$folder/env/bin/python" - <<'PY'
from email import message_from_string

from flufl.bounce import all_failures

REPORT = """From: MAILER-DAEMON@relay.example
To: accounts@creditor.example
Subject: Delivery report
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Report
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: {kind}; debtor@customer.example
Action: {action}
Status: {status}

--B--
"""


def read(action, status, kind="rfc822"):
    waiting, failed = all_failures(message_from_string(REPORT.format(kind=kind, action=action, status=status)))
    said = ("waiting" if waiting else "") + ("failed" if failed else "") or "nobody"
    print(kind, action, status, "->", said)
    return said


assert read("failed", "5.1.1") == read("failed", "4.2.2") == "failed"
assert read("delayed", "4.4.1") == "waiting"
assert read("relayed", "2.0.0") == read("expanded", "2.0.0") == "nobody"
assert read("failed", "5.1.1", kind="utf-8") == "nobody"
print("As seen.")
PY

#!/usr/bin/env bash
# agent-tool-lexware-office-cli 0.1.4 (PyPI, July 2026), whose command « receivables » tells who owes what, how old it is and who is to
# be chased, from the invoices that Lexware Office keeps; the server is one of our own on this machine, which answers as that of Lexware
# does, by pages. Three invoices are overdue since 2 September: 1 000.00 EUR and 500.00 CHF on the first page, 3 000.00 EUR on the second.
# Seen on 29 November 2026:
# - once the key is refused (401), « receivables » shows an aged balance of zeros and an empty list of those to chase; it ends with 0, even
#   where 20 is asked for if anything is overdue (--exit-code), and writes nothing else. « invoice list » ends with 4 and « Unauthorized »;
# - once the second page cannot be had (503), the first one is all: 1 500.00, two debtors to chase, the third and greatest left alone;
# - with both pages there are 4 500.00: euros and francs are one sum, without a unit;
# - of credit notes nothing is asked for: who has one is chased for the whole of his invoice.
# What follows: a list that could not be read to its end is no list, and says so before anybody is, or is not, chased by it; « nobody »
# is an answer only of who was heard; and sums are of one currency, less what is credited.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile agent-tool-lexware-office-cli==0.1.4
cd "$folder"
HOME="$folder" XDG_CONFIG_HOME="$folder" "$folder/env/bin/python" - <<'PY'
import json
import os
import subprocess
import sys
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

DUE, STATE, ASKED = date(2026, 9, 2), {}, []


def invoice(number, amount, currency, name):
    return {
        "id": f"00000000-0000-4000-8000-000000000{number}", "voucherType": "invoice", "voucherStatus": "overdue",
        "voucherNumber": f"FA-{number}", "voucherDate": "2026-08-03T00:00:00.000+02:00", "dueDate": f"{DUE}T00:00:00.000+02:00",
        "contactName": name, "totalAmount": amount, "openAmount": amount, "currency": currency, "archived": False,
    }  # fmt: skip


PAGES = [
    [invoice(118, 1000.0, "EUR", "Durand SARL"), invoice(119, 500.0, "CHF", "Martin SA")],
    [invoice(120, 3000.0, "EUR", "Petit SARL")],
]


class Ledger(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = parse_qs(urlsplit(self.path).query)
        page = int(asked.get("page", ["0"])[0])
        ASKED.extend(asked.get("voucherType", []))
        code = STATE.get(page, STATE.get("all", 200))
        lines = PAGES[page]
        found = {
            "content": lines, "first": page == 0, "last": page == 1, "totalPages": 2, "totalElements": 3,
            "numberOfElements": len(lines), "size": 2, "number": page,
        }  # fmt: skip
        body = json.dumps(found if code == 200 else {"message": "Unauthorized" if code == 401 else "Service Unavailable"}).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


server = HTTPServer(("127.0.0.1", 0), Ledger)
Thread(target=server.serve_forever, daemon=True).start()
ENVIRONMENT = os.environ | {"LEXWARE_URL": f"http://127.0.0.1:{server.server_port}", "LEXWARE_API_KEY": "essai", "CI": "true"}


def run(*words):
    program = Path(sys.executable).with_name("lexware-office")
    ended = subprocess.run([program, *words], capture_output=True, text=True, env=ENVIRONMENT)
    return ended.returncode, json.loads(ended.stdout or "null"), ended.stderr.strip()


def told():
    """Return how the aged balance ends and its total, whom it has chased, and what is written beside."""
    ended, ladder, first = run("receivables", "--exit-code")
    _ended, chased, second = run("receivables", "--view", "dunning")
    return ended, sum(step["amount"] for step in ladder), sorted(line["voucherNumber"] for line in chased), first + second


STATE["all"] = 401
seen = told()
ended, _nothing, said = run("invoice", "list")
print("refused:", seen, "| invoice list:", ended, " ".join(said.split()))
assert (seen, ended) == ((0, 0.0, [], ""), 4) and "Unauthorized" in said

STATE.clear()
STATE[1] = 503
seen = told()
print("one page:", seen)
assert seen == (20, 1500.0, ["FA-118", "FA-119"], "")

STATE.clear()
ASKED.clear()
seen = told()
print("both pages:", seen, "asked for:", sorted(set(ASKED)))
assert seen == (20, 4500.0, ["FA-118", "FA-119", "FA-120"], "")
assert set(ASKED) == {"invoice,salesinvoice"}
server.shutdown()
print("As seen.")
PY

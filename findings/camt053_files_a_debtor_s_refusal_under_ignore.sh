#!/usr/bin/env bash
# camt053 0.0.23 (PyPI): what its table of return reasons proposes to do with returned SEPA debits.
# Seen on 27 November 2026: the two reasons under which most debtors' refusals arrive without another word, MS02
# (asked by the customer, not specified) and MS03 (by his bank, not specified), get the action "ignore", as if
# nothing had happened, while AM04 (no funds) gets "retry" and MD01, MD06, AC04, SL01 get "return".
# What follows for a ledger: a returned debit opens the debt again by its amount, whatever the table proposes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet camt053==0.0.23
"$folder/env/bin/python" - <<'PY'
from camt053.parse.reason_codes import classify_reason

seen = {code: classify_reason(code)["action"] for code in ("AM04", "AC04", "MD01", "MD06", "MS02", "MS03", "SL01")}
print(seen)
assert (seen["MS02"], seen["MS03"]) == ("ignore", "ignore")
assert seen["AM04"] == "retry"
assert {seen[code] for code in ("AC04", "MD01", "MD06", "SL01")} == {"return"}
print("As seen.")
PY

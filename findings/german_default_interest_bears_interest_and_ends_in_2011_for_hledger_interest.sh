#!/usr/bin/env bash
# hledger-interest 1.6.3-2 (Debian), which counts interest on an account of a ledger kept as text and writes it back as an entry; one of its
# rules is « according to German BGB288 »: what a German debtor owes a French creditor whose contract is under German law. § 288 BGB: five
# points above the base rate, nine between businesses (claims since 29 July 2014); § 247: the base rate is set anew each half-year (3.62 %
# from January 2024, 3.37 % from July 2024); § 289: default interest bears no default interest.
# Seen on 29 November 2026, without an error or a warning:
# - the rates end in 2011: from January 2012 to July 2026 there is one period of 5295 days, at 5.37 %; 10 000.00 claimed from January to
#   July 2024 earn 267.03, where a consumer owes 8.62 % (428.64) and a business 12.62 % (627.55); the nine points are no option;
# - written to the account of the claim, interest bears interest from each change of rate on, and from each payment, be it one of 10.00:
#   10 000.00 from January 2002 to June 2003 are 1 135.99, and 1 095.53 where the interest is written to an account of its own;
# - so written, a payment is taken off the principal while interest is open (§ 367 BGB, as C. civ. 1343-1: off the interest first).
# What follows: a table of rates says up to which day it was looked up, and counting stops there; interest is kept apart from what it is
# counted on; and what was counted shows its rate beside each period.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p lists/partial cache/archives/partial
own=(-qq -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder/cache" -o APT::Sandbox::User="$(id -un)")
apt-get "${own[@]}" update
apt-get "${own[@]}" download hledger-interest=1.6.3-2
dpkg --extract hledger-interest_1.6.3-2_*.deb .
cat > count.py <<'PY'
import re
import subprocess
from decimal import Decimal


def interest(moves, target):
    """Return (last day, rate, principal, days, interest) of each period, by the rule BGB288."""
    ledger = "".join(f"{day} move\n    Claim    {amount} EUR\n    Other\n\n" for day, amount in moves)
    command = ["usr/bin/hledger-interest", "-q", "-f", "-", "--bgb288", "--act", "-s", "Income", "-t", target, "Claim"]
    done = subprocess.run(command, input=ledger, text=True, capture_output=True, check=True)
    assert not done.stderr, done.stderr
    lines = re.findall(r"(\S+) (\S+)% interest for (\S+) EUR over (\d+) days\n +\S+ +(\S+) EUR", done.stdout)
    print(target, moves, *lines, sep="\n    ")
    return [(day, rate, Decimal(principal), int(days), Decimal(due)) for day, rate, principal, days, due in lines]


half = interest([("2024-01-01", "10000.00"), ("2024-07-01", "-10000.00")], "Claim")
assert half == [("2024-07-01", "5.37", 10000, 182, Decimal("267.03"))]
assert [round(Decimal(10000) * 182 / 366 * points / 100, 2) for points in (Decimal("8.62"), Decimal("12.62"))] == [
    Decimal("428.64"),
    Decimal("627.55"),
]
long = interest([("2012-01-01", "10000.00"), ("2026-07-01", "-10000.00")], "Claim")
assert [line[:2] + line[3:4] for line in long] == [("2026-07-01", "5.37", 5295)]

OLD = [("2002-01-01", "10000.00"), ("2003-06-30", "-10000.00")]
joined, apart = interest(OLD, "Claim"), interest(OLD, "Interest")
assert [line[2] for line in joined][1:] == [Decimal("10373.32"), Decimal("10763.94")]
assert {line[2] for line in apart} == {10000}
sums = [sum(line[4] for line in lines) for lines in (joined, apart)]
print(*sums)
assert sums == [Decimal("1135.99"), Decimal("1095.53")]

PAID = [("2024-01-01", "10000.00"), ("2024-07-01", "-10.00"), ("2025-07-01", "-10.00")]
assert [line[2] for line in interest(PAID, "Claim")] == [10000, Decimal("10257.03")]
assert [line[2] for line in interest(PAID, "Interest")] == [10000, 9990]
print("As seen.")
PY
python3 count.py

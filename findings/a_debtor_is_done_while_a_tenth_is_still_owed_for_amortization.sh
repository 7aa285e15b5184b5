#!/usr/bin/env bash
# amortization 3.0.1 (PyPI, September 2026), asked what a payment plan is made of: a debtor owes 1 000.00 and offers what he can pay a month.
# How many months does it take (calculate_amortization_period), and in which instalments (amortization_schedule)?
# Seen on 29 November 2026, without an error:
# - the number is rounded to the nearest whole, not up: of 300.00 a month without interest three are needed, which pay 900.00; of 400.00 two
#   (2.5 goes to the even side), which pay 800.00; of 690.00 one. At 12 % a year, three of 300.00 leave 121.27 owed. Of 260.00 it is four,
#   as it should be;
# - its command says no more than the number (« Amortization period: 3 »);
# - the schedule for that number takes other instalments, 333.33 in place of the 300.00 that were offered, and 340.02 at 12 %: an offer is
#   either cut short or raised, and nothing tells which.
# What follows: a plan is drawn up from the instalment that the debtor offers, the last one takes what is left, and the sum of the plan is
# compared with the debt before anybody signs it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile "amortization[cli]==3.0.1"
"$folder/env/bin/python" - "$folder/env/bin/amortize" <<'PY'
import math
import subprocess
import sys
from decimal import Decimal

from amortization import amortization_schedule, calculate_amortization_period

DEBT = Decimal(1000)


def left(monthly, months, rate):
    """Return what is owed after so many instalments, with interest by month, to the cent."""
    owed = DEBT
    for _month in range(months):
        owed = owed * (1 + rate / 12) - monthly
    return round(owed, 2)


def ask(monthly, rate):
    monthly, rate = Decimal(monthly), Decimal(rate)
    months = calculate_amortization_period(float(DEBT), float(rate), float(monthly))
    unpaid = left(monthly, months, rate)
    words = [sys.argv[1], "-P", str(DEBT), "-r", str(rate), "-a", str(monthly)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    schedule = [round(row.amount, 2) for row in amortization_schedule(float(DEBT), float(rate), months)]
    print(f"{monthly} a month at {rate}: {months} months, then {unpaid} are owed; « {said} »; schedule {schedule}")
    assert said == f"Amortization period: {months}"
    return months, unpaid, schedule[0]


assert ask("300.00", "0") == (3, Decimal("100.00"), 333.33)
assert ask("400.00", "0") == (2, Decimal("200.00"), 500.0)
assert ask("690.00", "0") == (1, Decimal("310.00"), 1000.0)
assert ask("300.00", "0.12") == (3, Decimal("121.27"), 340.02)
assert ask("260.00", "0") == (4, Decimal("-40.00"), 250.0)
assert all(math.ceil(DEBT / amount) * amount >= DEBT for amount in (300, 400, 690, 260))
print("As seen.")
PY

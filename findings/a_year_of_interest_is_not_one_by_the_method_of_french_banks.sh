#!/usr/bin/env bash
# yearfrac 0.4.8 and QuantLib 1.44 (both PyPI): the fraction of a year by « Actual/Actual AFB », the method of the French banks,
# which both name: whole years are counted back from the end, the days left over are divided by 366 if a 29 February is among
# them, else by 365 (so ISDA's paper on Actual/Actual of 1999).
# Seen on 28 November 2026:
# - yearfrac cuts at the new year instead, and asks of each piece whether it begins or ends on the right side of March: from 1 July
#   2027 to 1 July 2028 it counts 1.0014 years, QuantLib 1; over 100 000 euros at 12 % that is 16.53 euros for no day at all;
# - January 2028, before any 29 February, is divided by 366 by the one and by 365 by the other; 1 December 2027 to 15 March 2028,
#   which holds the 29th, in two pieces by the one and by 366 by the other;
# - « act », the method that yearfrac takes when none is named, is this one;
# - QuantLib in its turn counts 1.0027 years from 28 February 2028 to 28 February 2029: the year goes back to the 29th, and a day is
#   left over.
# What follows: legal and contractual interest is counted in days over the days of the year, by rules written down and shown in the
# statement; the name of a convention is no proof of its result.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile yearfrac==0.4.8 QuantLib==1.44
"$folder/env/bin/python" - <<'PY'
import datetime

import QuantLib
from yearfrac import yearfrac

AFB = QuantLib.ActualActual(QuantLib.ActualActual.AFB)


def both(start, end):
    """Return the fraction of a year between two days of ISO by the two libraries, to six places."""
    days = [datetime.datetime.fromisoformat(day) for day in (start, end)]
    one, default = (yearfrac(*days, *method) for method in (["act_afb"], []))
    assert one == default
    other = AFB.yearFraction(*(QuantLib.Date(day.day, day.month, day.year) for day in days))
    print(start, end, f"yearfrac {one:.6f}, QuantLib {other:.6f}; of 12 000 euros a year {12_000 * (one - other):.2f} apart")
    return round(one, 6), round(other, 6)


assert both("2026-07-01", "2027-07-01") == (1, 1)
assert both("2027-07-01", "2028-07-01") == (round(184 / 365 + 182 / 366, 6), 1) == (1.001377, 1)
assert both("2026-11-28", "2028-11-28") == (2.000255, 2)
assert both("2028-01-01", "2028-02-01") == (round(31 / 366, 6), round(31 / 365, 6))
assert both("2027-12-01", "2028-03-15") == (round(31 / 365 + 74 / 366, 6), round(105 / 366, 6))
assert both("2028-02-28", "2029-02-28")[1] == round(1 + 1 / 365, 6)
print("As seen.")
PY

#!/usr/bin/env bash
# holidays 0.109 and jours-feries-france 0.7.0 (PyPI): the public holidays of French places, which end periods of
# procedure (CPC 642) and deadlines of letters.
# Seen on 27 November 2026, for the year 2026:
# - holidays: the region GES (Grand Est) has eleven days, none of Alsace-Moselle's two; the department 57 has thirteen;
# - holidays knows no GF (Guyane), which the other library has with 10 June;
# - Guadeloupe has 15 days in the one (with days that only usage makes free) and 12 in the other; Martinique 13 and 12;
# - both call « Saint-Martin » 28 May, and only one of them adds Victor Schœlcher's day there;
# - New Caledonia and French Polynesia have 12 and 14 days in the one, the mainland's 11 in the other.
# What follows: the days are data with their article, place by place, and an unknown place is said to be unknown.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet holidays==0.109 jours-feries-france==0.7.0
"$folder/env/bin/python" - <<'PY'
import holidays
from jours_feries_france import JoursFeries

YEAR = 2026


def first(place):
    return {day.isoformat() for day in holidays.France(subdiv=place, years=YEAR)}


def second(place):
    return {day.isoformat() for day in JoursFeries.for_year(YEAR, zone=place).values()}


pairs = {
    "GP": "Guadeloupe", "MQ": "Martinique", "RE": "La Réunion", "YT": "Mayotte", "MF": "Saint-Martin",
    "BL": "Saint-Barthélémy", "NC": "Nouvelle-Calédonie", "PF": "Polynésie Française",
}
counts = {}
for code, name in pairs.items():
    one, other = first(code), second(name)
    counts[code] = (len(one), len(other))
    print(code, len(one), len(other), "only in holidays:", sorted(one - other), "only in the other:", sorted(other - one))
good_friday, second_day = "2026-04-03", "2026-12-26"
assert not {good_friday, second_day} & first("GES")
assert {good_friday, second_day} <= first("57")
assert {good_friday, second_day} <= second("Alsace-Moselle")
try:
    first("GF")
except NotImplementedError as error:
    print("GF:", error)
else:
    raise AssertionError("GF is known now")
assert "2026-06-10" in second("Guyane")
assert counts["GP"] == (15, 12) and counts["MQ"] == (13, 12), counts
assert counts["NC"] == (12, 11) and counts["PF"] == (14, 11), counts
assert counts["RE"] == counts["YT"] == counts["BL"] == (12, 12), counts
print("As seen.")
PY

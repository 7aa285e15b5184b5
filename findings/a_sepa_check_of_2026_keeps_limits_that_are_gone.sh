#!/usr/bin/env bash
# pain001 0.0.74 (PyPI): what its profiles of the SEPA schemes refuse, and what they let pass.
# Seen on 28 November 2026:
# - an instant transfer of 150 000 euros is refused for a limit of 100 000 euros that the scheme has no more since the
#   rulebook of 5 October 2025 (Regulation (EU) 2024/886);
# - a single debit (OOFF) and a last one (FNAL) are refused between businesses (B2B), as if only the Core scheme had them;
#   the B2B rulebook (EPC 222-07) knows single collections;
# - the creditor identifier, without which no bank takes a debit of either scheme, is asked for B2B alone: a Core debit
#   without it passes.
# What follows: a debtor may pay any sum at once, and one instalment may be debited between businesses; whether a file will
# be taken is asked of the bank's own guide, not of such a check.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile pain001==0.0.74
"$folder/env/bin/python" -W ignore - <<'PY'
import logging

from pain001 import validate_scheme

logging.disable(logging.CRITICAL)
PAYMENT = {
    "initiator_name": "CREANCIER SARL", "debtor_name": "DEBITEUR SAS", "creditor_name": "CREANCIER SARL",
    "debtor_account_IBAN": "FR1420041010050500013M02606", "creditor_account_IBAN": "FR7630006000011234567890189",
    "debtor_agent_BIC": "PSSTFRPPPAR", "creditor_agent_BIC": "AGRIFRPP", "payment_currency": "EUR",
    "payment_amount": "1250.50", "remittance_information": "FA2026-0001", "service_level_code": "SEPA",
}
DEBIT = {"mandate_id": "MANDAT-1", "sequence_type": "RCUR", "creditor_id": "FR72ZZZ123456"}


def refused(profile, **changes):
    found = validate_scheme([{**PAYMENT, **changes}], profile=profile).violations
    print(profile, changes, "->", [(each.rule, each.message) for each in found] or "passes")
    return [each.rule for each in found]


assert refused("sepa-inst", payment_amount="100000.00") == []
assert refused("sepa-inst", payment_amount="150000.00") == ["SEPA-INST-AMT"]
assert refused("sepa-sct", payment_amount="150000.00") == []
for kind, rules in {"FRST": [], "RCUR": [], "OOFF": ["B2B-SEQTP"], "FNAL": ["B2B-SEQTP"]}.items():
    assert refused("sepa-sdd", **{**DEBIT, "sequence_type": kind}) == []
    assert refused("sepa-b2b", **{**DEBIT, "sequence_type": kind}) == rules
assert refused("sepa-sdd", **{**DEBIT, "creditor_id": ""}) == []
assert refused("sepa-b2b", **{**DEBIT, "creditor_id": ""}) == ["B2B-CDTR-ID"]
print("As seen.")
PY

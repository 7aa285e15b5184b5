#!/usr/bin/env bash
# corp-names 0.3.3 (PyPI, March 2026), which brings names of companies into one form, to find the same company again, and tells their kind, by
# a list of legal forms of many countries; beside it cleanco 2.3 (PyPI), which takes legal forms off. In France a legal form may stand
# before the name or behind it, and one family often has several firms: one that trades, and a civil company (SCI) that owns its walls.
# Seen on 29 November 2026:
# - behind the name a form is taken off: the SARL, the SAS, the SNC, the economic interest group (GIE), the sole trader (EI) and the landlord
#   (SCI) called Dupont are one « dupont » for corp-names, all but the landlord for cleanco: six debtors, each with debts of his own;
# - before the name it stays for both: « SARL Dupont » and « Dupont SARL », one firm as its papers and as its invoices call it, are two;
# - forms of lawyers, doctors and farmers (SELARL, SELAS, SCM, EARL, GAEC) are unknown to both on either side: « Dupont EARL » is a name;
# - an SAS, whose members owe none of its debts (C. com. L. 227-1), is a « Limited Partnership »; a GIE, whose members owe all of them
#   (L. 251-6), a « Joint Venture »; an SCI, whose members owe them by their shares (C. civ. 1857), and a sole trader have no kind;
# - cleanco goes on cutting: of « Le Spa SARL », a spa, « Le » is left, since an Italian S.p.A. is a form too.
# What follows: a debtor is who has the SIREN, not who has the name; two with one name are never joined without it, and no form is read off
# a name to tell who owes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile corp-names==0.3.3 cleanco==2.3
"$folder/env/bin/python" -W ignore - <<'PY'
from cleanco import basename
from corp_names import normalize_company


def both(name):
    told = normalize_company(name)
    cleaned = basename(name)
    print(f"{name:16} corp-names: {told.normalized!r}, {told.entity_type!r}; cleanco: {cleaned!r}")
    return told.normalized, cleaned, told.entity_type


family = {form: both(f"Dupont {form}") for form in ("SARL", "SAS", "SNC", "GIE", "EI", "SCI")}
assert {told[0] for told in family.values()} == {"dupont"}
assert {form for form, told in family.items() if told[1] != "Dupont"} == {"SCI"}
assert {form: told[2] for form, told in family.items()} == {
    "SARL": "Limited", "SAS": "Limited Partnership", "SNC": "General Partnership", "GIE": "Joint Venture", "EI": "", "SCI": "",
}  # fmt: skip
for form in family:
    before = both(f"{form} Dupont")
    assert before[:2] == (f"{form.lower()} dupont", f"{form} Dupont")
for form in ("SELARL", "SELAS", "SCM", "EARL", "GAEC"):
    for name in (f"Dupont {form}", f"{form} Dupont"):
        assert both(name) == (name.lower(), name, "")
assert both("Le Spa SARL")[:2] == ("le spa", "Le")
print("As seen.")
PY

#!/usr/bin/env bash
# fec-parser 1.0.1 (PyPI): a FEC (the file of a year's entries, LPF A. 47 A-1) whose amounts stand in the two columns
# « Montant » and « Sens » instead of « Debit » and « Credit »; the direction is then D or C, or else +1 or -1.
# Seen on 28 November 2026:
# - with D and C the entry is read like the one of the two columns Debit and Credit;
# - with +1 and -1 both sides of every line are zero; parse() finds no error, and nothing is said;
# - so it is with « d » and « c », though the names of the columns are taken in any case;
# - the receivable of the debtor and the sale alike are gone, and the entries balance: a check of debit against credit
#   passes.
# What follows: whoever takes receivables over from a FEC compares the sum of what he read with the sum of the column, not
# only one side with the other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet fec-parser==1.0.1
"$folder/env/bin/python" - <<'PY'
from decimal import Decimal

from fec_parser.parser import FECParser

NAMES = "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate"
AFTER = "EcritureLet DateLet ValidDate Montantdevise Idevise"
LINES = {
    "debit": "VE|Ventes|1|20261105|41100000|Clients|C0001|DEBITEUR SAS|FA1|20261105|Facture FA1|{}|{}|||20261130||",
    "credit": "VE|Ventes|1|20261105|70600000|Prestations|||FA1|20261105|Facture FA1|{}|{}|||20261130||",
}
NOTHING, AMOUNT = Decimal(0), Decimal("1200.00")


def read(columns, debit, credit):
    header = "|".join([*NAMES.split(), "EcritureLib", *columns, *AFTER.split()])
    text = "\n".join([header, LINES["debit"].format(*debit), LINES["credit"].format(*credit), ""])
    assert FECParser.from_txt(text).parse() == []
    entries = [(entry.compte_num, entry.debit, entry.credit) for entry in FECParser.from_txt(text).get_ecritures()]
    print(*columns, debit, credit, "->", *entries)
    return [entry[1:] for entry in entries]


RIGHT, ZEROS = [(AMOUNT, NOTHING), (NOTHING, AMOUNT)], [(NOTHING, NOTHING)] * 2
assert read(("Debit", "Credit"), ("1200,00", "0,00"), ("0,00", "1200,00")) == RIGHT
assert read(("Montant", "Sens"), ("1200,00", "D"), ("1200,00", "C")) == RIGHT
assert read(("Montant", "Sens"), ("1200,00", "+1"), ("1200,00", "-1")) == ZEROS
assert read(("Montant", "Sens"), ("1200,00", "d"), ("1200,00", "c")) == ZEROS
assert read(("montant", "sens"), ("1200,00", "D"), ("1200,00", "C")) == RIGHT
print("As seen.")
PY

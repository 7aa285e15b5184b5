#!/usr/bin/env bash
# chronostring 0.1.5 (PyPI, February 2026), which takes dates from French sentences, as they are spoken, and completes them from a day that it is
# given (context): here the 20 November 2026, on which debtors answer a reminder with a promise, and say what they pay.
# Seen on 29 November 2026, without an error but the last:
# - « le 1er du mois prochain » and « le 5 du mois prochain » are 1 and 5 November, « d’ici le 10 » is 10 November: days already gone, so that
#   a promise is broken when it is made;
# - an amount with cents, behind « de », a comma or nothing, is a day or an hour: of « un acompte de 12,50 euros le 30 novembre » the first day
#   is 12 November, of « le solde, 8,20 euros, part le 4 décembre » it is 8 December; « un acompte de 1 012,50 euros » comes at 1:12; behind
#   another word (« je paierai 12,50 euros ») and without cents it is none;
# - « pénalités de 10-12 % » is the 10th of the month that follows in the sentence, « votre facture 118-2 » two o’clock;
# - « le 5/12 », « sous quinzaine », « fin décembre », « dans 15 jours » are nothing;
# - a sentence that names FA-118 cannot be read at all (« day is out of range for month »), nor one of an amount of 45,10 behind « de ».
# What follows: a promise is taken over by a person who sees the sentence beside the day; a day before the sentence is no promise; amounts and
# numbers of invoices are taken out of a text before anything in it is taken for a date.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile chronostring==0.1.5
"$folder/env/bin/python" - <<'PY'
from datetime import date

from chronostring import parse_dates

WRITTEN = date(2026, 11, 20)
SEEN = {
    "Je vous règle le 1er du mois prochain.": ["2026-11-01"],
    "Virement le 5 du mois prochain": ["2026-11-05"],
    "Vous serez payés d’ici le 10": ["2026-11-10"],
    "un acompte de 12,50 euros le 30 novembre": ["2026-11-12", "2026-11-30"],
    "le solde, 8,20 euros, part le 4 décembre": ["2026-12-08", "2026-12-04"],
    "un acompte de 1 012,50 euros le 5 décembre": ["01:12:00", "2026-12-05"],
    "je paierai 12,50 euros le 5 décembre": ["2026-12-05"],
    "un acompte de 12 euros le 5 décembre": ["2026-12-05"],
    "pénalités de 10-12 % ; je paie le 5 décembre": ["2026-12-10", "2026-12-05"],
    "votre facture 118-2 : le 5 décembre": ["02:00:00", "2026-12-05"],
    "Je paie le 5/12": [],
    "Je paie sous quinzaine": [],
    "Je paie fin décembre": [],
    "Je paie dans 15 jours": [],
}
for sentence, expected in SEEN.items():
    found = [str(each) for each in parse_dates(sentence, context=WRITTEN)]
    print(sentence, "->", found)
    assert found == expected, sentence
for sentence in ("Nous payons FA-118 le 5 décembre", "un acompte de 45,10 euros le 5 décembre"):
    try:
        parse_dates(sentence, context=WRITTEN)
    except ValueError as error:
        print(sentence, "->", error)
        assert str(error) == "day is out of range for month"
    else:
        raise AssertionError("it is read now")
print("As seen.")
PY

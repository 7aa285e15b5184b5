#!/usr/bin/env bash
# mail-parser-reply 1.36 (PyPI), which takes from an e-mail its newest answer, told that it is French (languages=["fr"]): what debtors answer
# to a reminder, in plain text folded at 72 characters, as mail programs send it.
# Seen on 29 November 2026:
# - « Nous en accusons / bonne réception et contestons la facture FA-118 … »: where the fold puts « bonne réception » at the beginning of
#   a line, the objection and the promise after it are the signature; the body ends with « Nous en accusons ». Folded elsewhere all is kept;
# - so is what begins with a hyphen: « -la facture FA-118 », the list of what is contested, with all that follows;
# - « Le transporteur nous a écrit ceci : » is the head of a quoted message: what the carrier wrote, and the request after it, are no part
#   of the answer;
# - Gmail's « a écrit : » and Outlook's « De : », with the no-break space that French has before a colon, are no head: the formal notice
#   that was answered is the debtor's own words. With a plain space it is cut off.
# What follows: an answer is cut where a program's line is sure (an address, a day with its hour), whatever the spaces, and never
# at a word of politeness; who judges a dispute reads the whole message.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile mail-parser-reply==1.36
"$folder/env/bin/python" - <<'PY'
from mailparser_reply import EmailReplyParser

START = "Votre lettre du 2 novembre nous est bien parvenue. "
END = "bonne réception et contestons la facture FA-118 : la marchandise a été\nrefusée. Nous paierons FA-119 le 15 décembre."
NOTICE = "Nous vous mettons en demeure de payer sous huit jours."
PROMISE = "Nous paierons le 15 décembre."


def read(text):
    first = EmailReplyParser(languages=["fr"]).read(text=text).replies[0]
    return first.body, first.signatures


body, signature = read(f"{START}Nous en accusons\n{END}\n")
print("folded there:", repr(body), "| signature:", repr(signature))
assert body == f"{START}Nous en accusons" and signature == END
body, signature = read(f"{START}Nous en\naccusons {END}\n")
print("folded elsewhere, signature:", repr(signature))
assert body.endswith("le 15 décembre.") and not signature

body, signature = read(f"Nous contestons :\n-la facture FA-118\n-la facture FA-119\n{PROMISE}\n")
print("list:", repr(body), "| signature:", repr(signature))
assert body == "Nous contestons :" and signature.endswith(PROMISE)

body, signature = read("Nous ne paierons pas FA-118.\nLe transporteur nous a écrit ceci :\nle colis est vide.\nNous attendons l’avoir.\n")
print("carrier:", repr(body))
assert body == "Nous ne paierons pas FA-118." and not signature

for space, kept in ((" ", False), ("\u00a0", True)):
    for head in (
        f"Le lun. 2 nov. 2026 à 10:12, Créancier <compta@creancier.example> a écrit{space}:",
        f"De{space}: Créancier <compta@creancier.example>\nEnvoyé{space}: lundi 2 novembre 2026 10:12\nÀ{space}: Dupont\nObjet{space}: Relance",
    ):
        body, _signature = read(f"{PROMISE}\n\n{head}\n\n{NOTICE}\n")
        print(repr(head[:2]), repr(space), "the notice is his:", NOTICE in body)
        assert (NOTICE in body) is kept and body.startswith(PROMISE)
print("As seen.")
PY

#!/usr/bin/env bash
# mayai-pec-cli 0.2.0 (PyPI, May 2026), which sends Italian certified e-mail (PEC: « the legal value of a registered letter », so its page), the
# way to put an Italian debtor on notice, and traces a message's receipts. Its sending, reading and « trace » whole; in place of the two
# mail servers, lists. The receipts have the form of the technical rules of PEC (2 November 2005): the recipient that one is about stands in
# « consegna », and « ricevuta » tells whether a receipt of delivery holds the message (« completa ») or not (« sintetica »).
# Seen on 29 November 2026, without an error:
# - two messages to one debtor with one subject and one text (« in allegato »), the notice of FA-118 and that of FA-119 attached, sent within
#   one minute, bear one Message-ID: the attachments are not in it, « idempotent » as it is meant, and its page counts on the provider to drop
#   a second message of one id;
# - traced by it, the delivery of the one and the refusal of the other are one chain: nothing tells which invoice was delivered;
# - of a notice to two debtors (the company, its surety), delivered to one and refused for the other, each event names both, and none the
#   one that it is about; nor does it tell a receipt that holds the notice from one that does not;
# - receipts older than the last 200 messages of the folder are not there, whatever was sent.
# What follows: a message has a number of its own each time it is made, and its proof is found by what was sent, attachments included;
# a receipt counts for the one address in it; a chain that may be cut says so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile mayai-pec-cli==0.2.0 freezegun==1.5.5
cd "$folder"
"$folder/env/bin/python" - <<'PY'
import contextlib
import imaplib
import json
import pathlib
import smtplib
from email.message import EmailMessage

from click.testing import CliRunner
from freezegun import freeze_time
from pec_cli import main
from pec_cli.auth import Credentials
from pec_cli.smtp.sender import send_pec

OWN = Credentials("creancier@pec.example", "aruba", "unused")
COMPANY, SURETY = "debitore@pec.example", "garante@pec.example"
SENT, INBOX = [], []
HEAD = b'%d (UID %d FLAGS () BODYSTRUCTURE ("TEXT" "PLAIN") BODY[HEADER] {9}'


class Sending(contextlib.nullcontext):
    """The server that takes messages: a list."""

    def __init__(self, *_args, **_options):
        super().__init__(self)

    def login(self, *_args):
        pass

    def send_message(self, message, **_options):
        SENT.append(message)


class Keeping:
    """The server that keeps messages: a list, numbered from one."""

    def __init__(self, *_args, **_options):
        pass

    def login(self, *_args):
        pass

    logout = login

    def select(self, *_args, **_options):
        return "OK", [b"1"]

    def uid(self, command, numbers, *parts):
        if command == "search":
            return "OK", [b" ".join(b"%d" % number for number in range(1, len(INBOX) + 1))]
        assert parts
        asked = [int(number) for number in numbers.split(",")]
        return "OK", [(HEAD % (number, number), INBOX[number - 1].as_bytes()) for number in asked]


smtplib.SMTP_SSL, imaplib.IMAP4_SSL = Sending, Keeping
main.load_credentials = lambda: OWN


def receipt(kind, message, everyone, reached, hour, form="completa", error="nessuno"):
    """Put into the inbox what the recipient's provider certifies."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "posta-certificata@pec.example", OWN.address, kind
    made["Date"], made["X-Ricevuta"] = f"Fri, 20 Nov 2026 {hour} +0100", kind
    made.set_content(kind)
    addresses = "".join(f'<destinatari tipo="certificato">{each}</destinatari>' for each in everyone)
    holds = form and f'<ricevuta tipo="{form}"/>'
    reference = message["Message-ID"].replace("<", "&lt;").replace(">", "&gt;")
    xml = (
        f'<postacert tipo="{kind}" errore="{error}"><intestazione><mittente>{OWN.address}</mittente>{addresses}'
        f"<risposte>{OWN.address}</risposte><oggetto>{message['Subject']}</oggetto></intestazione><dati>"
        f'<gestore-emittente>PEC</gestore-emittente><data zona="+0100"><giorno>20/11/2026</giorno><ora>{hour}</ora></data>'
        f"<identificativo>{len(INBOX)}@pec.example</identificativo><msgid>{reference}</msgid>"
        f"{holds}<consegna>{reached}</consegna></dati></postacert>"
    )
    made.add_attachment(xml.encode(), maintype="application", subtype="xml", filename="daticert.xml")
    INBOX.append(made)


def send(invoice, to, subject):
    """Send the notice of an invoice, as a file of its name, and return the message as the server got it."""
    file = pathlib.Path(f"{invoice}.pdf")
    file.write_bytes(f"%PDF notice of {invoice}".encode())
    send_pec(OWN, to=to, subject=subject, body="Diffida in allegato.", attachments=[file])
    return SENT[-1]


def trace(message):
    done = CliRunner().invoke(main.cli, ["--json", "trace", message["Message-ID"]])
    assert done.exit_code == 0, done.output
    events = json.loads(done.output)["events"]
    print(message["Message-ID"], *events, sep="\n    ")
    return events


with freeze_time("2026-11-20 10:00:05") as clock:
    first = send("FA-118", [COMPANY], "Diffida")
    clock.tick(30)
    second = send("FA-119", [COMPANY], "Diffida")
    clock.tick(60)
    third = send("FA-120", [COMPANY, SURETY], "Diffida")
assert first["Message-ID"] == second["Message-ID"] != third["Message-ID"]
assert [part.get_filename() for sent in (first, second) for part in sent.iter_attachments()] == ["FA-118.pdf", "FA-119.pdf"]

receipt("avvenuta-consegna", first, [COMPANY], COMPANY, "11:01:00")
receipt("errore-consegna", second, [COMPANY], COMPANY, "11:02:00", form="", error="altro")
one = trace(second)
assert [event["tipo"] for event in one] == ["avvenuta-consegna", "errore-consegna"] and trace(first) == one

receipt("avvenuta-consegna", third, [COMPANY, SURETY], SURETY, "11:03:00", form="sintetica")
receipt("errore-consegna", third, [COMPANY, SURETY], COMPANY, "11:04:00", form="", error="altro")
both = trace(third)
assert [event["destinatari"] for event in both] == [[COMPANY, SURETY]] * 2
assert all(set(event) == {"id", "tipo", "data", "identificativo", "mittente", "destinatari", "errore"} for event in both)

for _each in range(200):
    receipt("avvenuta-consegna", {"Message-ID": "<other@pec.example>", "Subject": "Altro"}, [COMPANY], COMPANY, "11:05:00")
assert trace(third) == []
print("As seen.")
PY

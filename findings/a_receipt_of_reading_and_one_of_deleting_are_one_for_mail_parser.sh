#!/usr/bin/env bash
# mail-parser 4.8.0 (PyPI): what a program learns through it of a formal notice sent by e-mail: a notice of disposition (MDN, RFC 8098),
# which a mail program sends when the message was displayed, or when it was deleted unread; a report of delivery (RFC 3464) that
# brings the message back; and an admission of the debtor, forwarded as an attachment.
# Seen on 29 November 2026, with no defect in what the library says of the messages:
# - « displayed » and « deleted » are one: the part that tells them apart, and names the message and the recipient, is in no value that
#   it gives, not among the attachments, and not in its JSON; only the message of Python's own parser behind it still has it;
# - who was refused, and why (5.1.1), is nowhere either; what came back, the creditor's own « Veuillez payer », stands as the text of
#   the postmaster's message, and a search for what the debtor's side wrote finds it;
# - what the debtor wrote in the forwarded message stands as the text of who forwarded it, and the attachments of both are one list;
# - all are of 20 November, half past midnight in Paris: the date given is the 19th (UTC; the zone is a value apart).
# What follows: a report is read by its own part (message/…) before anything is taken for text, and a message in a message keeps
# its author, its day and its attachments; « read » is said only of « displayed ».
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile mail-parser==4.8.0
"$folder/env/bin/python" - <<'PY'
from email.message import EmailMessage

import mailparser

NOTICE = "<dn-1@creancier.example>"
DEBTOR = "compta@debiteur.example"
DAY = "Fri, 20 Nov 2026 00:30:00 +0100"


def report(kind, text, *parts):
    """Return a report (multipart/report) with a text for people and parts for programs."""
    body = "".join(f"--B\r\nContent-Type: {name}\r\n\r\n{part}\r\n" for name, part in [("text/plain", text), *parts])
    return (
        f"From: postmaster@debiteur.example\r\nTo: compta@creancier.example\r\nSubject: Rapport\r\nDate: {DAY}\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary="B"\r\n\r\n{body}--B--\r\n'
    )


def disposition(happened):
    part = (
        f"Final-Recipient: rfc822; {DEBTOR}\r\nOriginal-Message-ID: {NOTICE}\r\n"
        f"Disposition: manual-action/MDN-sent-manually; {happened}\r\n"
    )
    return report("disposition-notification", "Accuse.", ("message/disposition-notification", part))


def told(message):
    """Return what the library gives of a message, less its own text of the header lines."""
    mail = mailparser.parse_from_string(message)
    assert not mail.has_defects and not mail.text_not_managed
    return {"text": mail.text_plain, "attachments": mail.attachments, "date": mail.date.isoformat(), "json": mail.mail_json}


displayed, deleted = told(disposition("displayed")), told(disposition("deleted"))
print("displayed:", displayed)
assert displayed == deleted and displayed["text"] == ["Accuse."] and displayed["attachments"] == []
assert displayed["date"] == "2026-11-19T23:30:00+00:00"
assert not [word for word in ("displayed", "dn-1", DEBTOR) if word in displayed["json"]]
behind = mailparser.parse_from_string(disposition("deleted")).message.as_string()
assert "; deleted" in behind and NOTICE in behind

refused = told(
    report(
        "delivery-status", "Rapport.",
        ("message/delivery-status", f"Reporting-MTA: dns; debiteur.example\r\n\r\nFinal-Recipient: rfc822; {DEBTOR}\r\n"
         "Action: failed\r\nStatus: 5.1.1\r\n"),
        ("message/rfc822", f"From: compta@creancier.example\r\nTo: {DEBTOR}\r\nMessage-ID: {NOTICE}\r\n\r\nVeuillez payer.\r\n"),
    )
)  # fmt: skip
print("refused:", refused["text"], refused["attachments"])
assert [text.strip() for text in refused["text"]] == ["Rapport.", "Veuillez payer."] and refused["attachments"] == []
assert not [word for word in ("5.1.1", "failed", "dn-1", DEBTOR) if word in refused["json"]]

admission, forwarded = EmailMessage(), EmailMessage()
admission["From"], admission["Date"] = "direction@debiteur.example", DAY
admission.set_content("Je reconnais devoir 1 200 euros.")
admission.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
forwarded["From"], forwarded["Date"] = "compta@creancier.example", DAY
forwarded.set_content("Pour le dossier.")
forwarded.add_attachment(admission)
forwarded.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="facture.pdf")
mail = mailparser.parse_from_string(forwarded.as_string())
names = [each["filename"] for each in mail.attachments if each["mail_content_type"] == "application/pdf"]
print("forwarded:", mail.from_, mail.text_plain, names)
assert mail.from_ == [("", "compta@creancier.example")] and names == ["plan.pdf", "facture.pdf"]
assert [text.strip() for text in mail.text_plain] == ["Pour le dossier.", "Je reconnais devoir 1 200 euros."]
print("As seen.")
PY

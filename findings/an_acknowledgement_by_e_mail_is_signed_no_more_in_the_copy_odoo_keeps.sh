#!/usr/bin/env bash
# dkimpy 1.1.8 with cryptography 50.0.2 (both PyPI) and Python's own e-mail package, used as Odoo 19 uses it for « Keep Original »
# of an incoming mail server (« a full original copy of each email »; addons/mail/models/mail_thread.py: the message is read with
# the policy SMTP and attached as original_email.eml by as_string()). The sender's server signs what it sends (DKIM, RFC 6376); a
# debtor who writes « je reconnais devoir » and later denies it is answered by that signature.
# Seen on 29 November 2026:
# - a body with an accent in it, sent as it is (8bit, RFC 6152, as Thunderbird does): as_string() writes it and its two headers anew,
#   in base64, so that the signature fails (RFC 6376, 5.3, asks signers to avoid 8bit, and does not forbid it);
# - so it is with the policy « default » and with the old one (compat32); as_bytes() of the same message keeps the signature;
# - without an accent, or sent as quoted-printable, the signature holds in the copy: a test in plain letters finds nothing;
# - a line of the body that begins with « From » gets a « > » in a file of mailboxes (mbox), and the signature fails there too.
# What follows: an e-mail that has to prove something is saved where it arrived, as bytes, before any program has read it; the copy
# in the books shows what was written, and no longer by whom.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile dkimpy==1.1.8 cryptography==50.0.2
"$folder/env/bin/python" - "$folder" <<'PY'
import base64
import email
import email.policy
import mailbox
import pathlib
import sys

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
)


def send(body, encoding="8bit"):
    """Return a message as the debtor's server signs and sends it."""
    head = (
        "From: Direction <direction@debiteur.example>", "To: compta@creancier.example", "Subject: Re: facture FA-118",
        "Date: Fri, 20 Nov 2026 09:00:00 +0100", "Message-ID: <1@debiteur.example>", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8", f"Content-Transfer-Encoding: {encoding}",
    )  # fmt: skip
    message = "\r\n".join([*head, "", body, ""]).encode()
    return dkim.sign(message, b"mail", b"debiteur.example", PRIVATE, canonicalize=(b"relaxed", b"relaxed")) + message


def holds(message):
    return dkim.verify(message, dnsfunc=lambda name, timeout=5: b"v=DKIM1; k=rsa; p=" + PUBLIC)


def copies(message):
    """Return by policy whether the signature holds in the copy made as text, and in the one made as bytes."""
    found = {}
    for name in ("SMTP", "default", "compat32"):
        parsed = email.message_from_bytes(message, policy=getattr(email.policy, name))
        found[name] = (holds(parsed.as_string().encode()), holds(parsed.as_bytes()))
    return found


accents = send("Je reconnais devoir 1 200 euros, que je règle par moitié.")
plain = send("Je reconnais devoir 1 200 euros.")
quoted = send("Je reconnais devoir 1 200 euros, que je r=C3=A8gle par moiti=C3=A9.", "quoted-printable")
assert all(map(holds, (accents, plain, quoted)))
for name, message in {"accents": accents, "plain": plain, "quoted-printable": quoted}.items():
    print(f"{name}: as text, as bytes:", copies(message))
assert copies(accents) == dict.fromkeys(("SMTP", "default", "compat32"), (False, True))
assert copies(plain) == copies(quoted) == dict.fromkeys(("SMTP", "default", "compat32"), (True, True))

kept = email.message_from_bytes(accents, policy=email.policy.SMTP).as_string()
before, after = (email.message_from_string(text) for text in (accents.decode(), kept))
changed = [name for name in before.keys() if before[name] != after[name]]
print("headers that changed:", changed)
assert changed == ["Content-Type", "Content-Transfer-Encoding"]
assert after["Content-Transfer-Encoding"] == "base64"

box = mailbox.mbox(pathlib.Path(sys.argv[1]) / "box")
english = send("I owe 1 200 euros.\r\nFrom December on I pay 200 a month.")
kept = box.get_bytes(box.add(english))
print("in a mailbox file:", holds(english), holds(kept))
assert holds(english) and not holds(kept) and b"\n>From December" in kept
print("As seen.")
PY

"""Whether an e-mail was written by a program: an automatic reply is not an answer.

RFC 3834 gives automatic replies the header ``Auto-Submitted``; the other headers are older habits
of mail servers. If no header was kept, the subject and the sender are used.
"""

import re
from collections.abc import Mapping

# What mail servers write in the subject of automatic replies, in the languages met in France.
SUBJECTS = re.compile(
    r"""^\s*(?:\[[^\]]*\]\s*)?(?:
        r[ée]ponse\s+automatique | (?:message|avis)\s+d.absence | absen(?:ce|t)\s+du\s+bureau
        | automatic\s+reply | auto(?:matic)?[\s-]?(?:reply|response) | out\s+of\s+(?:the\s+)?office
        | automatische\s+antwort | abwesenheits | respuesta\s+autom[áa]tica | risposta\s+automatica
        | undeliver(?:ed|able) | delivery\s+status\s+notification
        | mail\s+delivery\s+(?:failed|system) | delivery\s+(?:failure|has\s+failed)
        | returned\s+mail | failure\s+notice
        | non\s+remis | [ée]chec\s+de\s+(?:la\s+)?(?:remise|distribution) | non[\s-]distribu
        | accus[ée]\s+de\s+(?:lecture|r[ée]ception) | lu\s*: | read\s*: | read\s+receipt
        )""",
    re.IGNORECASE | re.VERBOSE,
)
SENDERS = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply-?bounce|bounces?)(?:[+-].*)?@", re.I)
BULK = {"auto_reply", "auto-reply", "bulk", "junk"}


# How mail programs introduce the quoted message in a reply: with its year, its time or an address,
# unlike people (« Le transporteur nous a écrit : »).
QUOTED = re.compile(
    r"""^\s*(?:>|-{2,}\s*(?:original\ message|message\ d.origine|forwarded|message\ transf)
        | (?:le|on|am)\s(?=.*(?:\d[:.h]?\d\d|@)).{4,200}(?:a\ écrit|wrote|schrieb(?:\ .+)?)\s*:\s*$
        | (?:de|from|von)\s*:\s.+@.+ | _{10,}\s*$)""",
    re.IGNORECASE | re.VERBOSE,
)
EXCERPT = 300  # characters


def excerpt(text: str, length: int = EXCERPT) -> str:
    """Return the first words of a reply, without the quoted message.

    :param text: the message as plain text
    :param length: characters at most
    :return: one line

    >>> excerpt("Bonjour,\\n\\nNous payons.\\n\\nLe 1 juin 2026, X a écrit :\\n> Votre facture")
    'Bonjour, Nous payons.'
    >>> excerpt("Le transporteur nous a écrit :\\nColis vide.\\nAm 1.6.26 um 9:30 schrieb X:")
    'Le transporteur nous a écrit : Colis vide.'
    >>> excerpt("> seulement\\n> une citation")
    ''
    >>> excerpt("mot " * 100, 12)
    'mot mot mot…'
    """
    kept = []
    for line in text.splitlines():
        if QUOTED.match(line[:300]):
            break
        kept.append(line)
    words = " ".join(" ".join(kept).split())
    return words if len(words) <= length else words[:length].rstrip() + "…"


def is_automatic(headers: Mapping[str, str], subject: str = "", sender: str = "") -> bool:
    """Return whether an e-mail was sent by a program.

    :param headers: those of the message, their names in any case; may be empty
    :param subject: its subject
    :param sender: its bare address

    >>> is_automatic({"Auto-Submitted": "auto-replied"})
    True
    >>> is_automatic({"auto-submitted": "no"}, "Re: Votre relance", "compta@client.example")
    False
    >>> is_automatic({}, "Réponse automatique : Votre relance")
    True
    >>> is_automatic({}, "Re: Absence du bureau de contrôle sur le chantier")
    False
    >>> is_automatic({}, "Undelivered Mail Returned to Sender", "MAILER-DAEMON@mx.example")
    True
    >>> is_automatic({"Return-Path": "<>"})
    True
    >>> is_automatic({"Content-Type": "multipart/report; report-type=disposition-notification"})
    True
    """
    said = {name.lower(): (value or "").strip().lower() for name, value in headers.items()}
    return (
        said.get("auto-submitted", "no") not in ("", "no")
        or any(name in said for name in ("x-autoreply", "x-autorespond", "x-auto-reply"))
        or said.get("precedence") in BULK
        or said.get("return-path") == "<>"
        or said.get("content-type", "").startswith("multipart/report")
        or bool(SUBJECTS.match(subject or ""))
        or bool(SENDERS.match(sender or ""))
    )

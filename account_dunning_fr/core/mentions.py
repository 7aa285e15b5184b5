"""What the text of a reminder must say, and what it must not, by kind of message.

No article lists the mentions of a formal notice: the act must amount to a sufficient request to pay
(C. civ. 1344), which the judge assesses. The checks look for what practice expects: the words, the
exact amount, a date, and the consequences. A reminder that threatens court action, or a courtesy
message that mentions lateness, is not what it claims to be.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

# In the languages of the shipped texts; part of a word is enough.
_WORDS = {
    "formal_notice": ("mise en demeure", "mettons en demeure", "mets en demeure", "formal notice"),
    "court": ("juridiction", "tribunal", "justice", "court"),
    "late": ("retard", "relance", "pénalit", "impayé", "overdue", "penalt", "reminder", "unpaid"),
}
_REQUIRED = {
    "courtesy": (),
    "reminder": (),
    "registered": (),
    "formal_notice": ("formal_notice", "court", "sum", "deadline"),
}
_UNWELCOME = {
    "courtesy": ("late", "court"),
    "reminder": ("court",),
    "registered": (),
    "formal_notice": (),
}


def missing_mentions(kind: str, text: str, facts: Mapping[str, str]) -> list[str]:
    """Return what a text of this kind should say but does not.

    :param kind: ``courtesy``, ``reminder``, ``registered`` or ``formal_notice``
    :param text: the text as read, or HTML
    :param facts: how ``sum`` and ``deadline`` are written; an empty one is not looked for
    :return: among ``formal_notice``, ``court``, ``sum``, ``deadline``

    >>> missing_mentions("formal_notice", "<p>Payez 10 € au tribunal</p>", {"sum": "10 €"})
    ['formal_notice']
    """
    words = plain(text)
    missing = []
    for mention in _REQUIRED[kind]:
        if mention in _WORDS:
            found = _speaks_of(mention, words)
        else:
            found = plain(facts.get(mention, "")) in words
        if not found:
            missing.append(mention)
    return missing


def unwelcome_mentions(kind: str, text: str) -> list[str]:
    """Return what a text of this kind says but should not.

    :return: among ``late``, ``court``

    >>> unwelcome_mentions("courtesy", "Votre facture est en retard")
    ['late']
    """
    words = plain(text)
    return [mention for mention in _UNWELCOME[kind] if _speaks_of(mention, words)]


def plain(text: str) -> str:
    """Return a text without tags, in lower case, with plain single spaces.

    >>> plain("<p>1\\u202f000,00&nbsp;€<br/>Dû</p>")
    '1 000,00 € dû'
    """
    without_tags = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return " ".join(without_tags.casefold().split())


def _speaks_of(mention: str, words: str) -> bool:
    return any(word in words for word in _WORDS[mention])


_DOUBT = r"(?:sauf erreur|unless we are mistaken|errors (?:and omissions )?excepted)[^,.;:<]*"
_OPENING_DOUBT = re.compile(rf"((?:^|[>.!?])\s*){_DOUBT},\s*(\w)", re.IGNORECASE)
_DOUBT_WITHIN = re.compile(rf",?\s+{_DOUBT}(?:,|(?=[.;:<]))", re.IGNORECASE)


def without_doubt(text: str) -> str:
    """Return a text without its « sauf erreur de notre part ».

    After a broken promise, expressing doubt about the debt is out of place: the customer has
    acknowledged it.

    :param text: as read, or HTML

    >>> without_doubt("<p>Sauf erreur ou omission de notre part, le règlement manque.</p>")
    '<p>Le règlement manque.</p>'
    >>> without_doubt("Your payment, unless we are mistaken, is missing.")
    'Your payment is missing.'
    """
    text = _OPENING_DOUBT.sub(lambda found: found[1] + found[2].upper(), text)
    return _DOUBT_WITHIN.sub("", text)

"""Messages that a person chooses to send, beside what the policy proposes today.

A level above the present one, the same one again, or a message in the person's own words. House
rule, no article: what stops an item (paid, on hold, covered) stops it whatever is chosen, and an
item takes a level in one message only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .mentions import plain

LEVEL, AGAIN, FREE = "level", "again", "free"
GRAVE = ("registered", "formal_notice")
CLAIMED, LISTED = "claimed", "info"


@dataclass(frozen=True, slots=True)
class Item:
    """An open item of the customer.

    :param overdue: whether its due date has passed
    :param stopped: whether something stops it: paid, on hold, covered by money
    :param chosen: whether the choice was made for it
    :param rank: of its present level, -1 for none
    :param kind: of that level, None for none
    """

    overdue: bool
    stopped: bool
    chosen: bool
    rank: int = -1
    kind: str | None = None


def decide(choice: str, kind: str, rank: int, item: Item) -> tuple[str | None, bool]:
    """Return how an item appears in the chosen message.

    :param choice: ``level``, ``again`` or ``free``
    :param kind: of the level of the message
    :param rank: of that level
    :return: ``claimed``, ``info`` (listed apart) or None; and whether it takes the level

    >>> decide("level", "reminder", 12, Item(overdue=True, stopped=False, chosen=True))
    ('claimed', True)
    >>> decide("level", "formal_notice", 34, Item(overdue=True, stopped=False, chosen=False))
    ('info', False)
    >>> decide("again", "reminder", 12, Item(True, False, True, 12, "reminder"))
    ('claimed', False)
    >>> decide("free", "reminder", 12, Item(overdue=True, stopped=True, chosen=True))
    (None, False)
    """
    courtesy = kind == "courtesy"
    if item.stopped or item.overdue == courtesy:
        return None, False
    if choice == FREE or courtesy:
        takes = choice == LEVEL and item.rank < rank
        return (CLAIMED, takes) if item.chosen else (None, False)
    grave = kind in GRAVE
    if choice == AGAIN:
        return (LISTED if grave and item.rank < rank else CLAIMED), False
    concerned = item.chosen or (grave and item.kind not in (None, "courtesy"))
    if grave and not concerned:
        return LISTED, False
    return CLAIMED, concerned and item.rank < rank


# What a message may mention only through a level, whose figures come from the books.
_WORDS = {
    "penalties": ("pénalité", "penalt", "intérêts de retard", "intérêt de retard", "late interest"),
    "indemnity": ("indemnité forfaitaire", "indemnités forfaitaires", "flat indemnity"),
    "costs": ("frais de recouvrement", "frais de dossier", "frais de relance", "recovery cost"),
}
_ARTICLES = re.compile(r"l\.?\s*441-10|d\.?\s*441-5")


def forbidden_words(regime: str | None, text: str) -> list[str]:
    """Return what a hand-written text mentions that it may not mention to this customer.

    A consumer owes neither penalties nor an indemnity before a formal notice, and no cost of
    recovery without a title (CPCE L. 111-8); as long as nobody has confirmed the regime, the
    customer might be one. A professional may be told of them; the amounts come from the books.

    :param regime: ``b2b``, ``b2g``, ``b2c`` or None while it is not confirmed
    :param text: as read, or HTML
    :return: among ``penalties``, ``indemnity``, ``costs``

    >>> forbidden_words("b2c", "<p>Des p&eacute;nalit&eacute;s de retard courent.</p>")
    ['penalties']
    >>> forbidden_words("b2b", "Des pénalités de retard courent.")
    []
    >>> forbidden_words(None, "au titre de l'article L. 441-10")
    ['penalties']
    """
    if regime in ("b2b", "b2g"):
        return []
    words = plain(text)
    found = [name for name, parts in _WORDS.items() if any(part in words for part in parts)]
    if _ARTICLES.search(words) and "penalties" not in found:
        found.insert(0, "penalties")
    return found

"""The placeholders that people type into texts: which are filled in, and which would be printed.

House rule, no article. A subject quotes a value between two braces, ``{{ object.total_text }}``; a
text in HTML quotes it with a tag, ``<t t-out="object.total_text"/>``. What is written otherwise
goes to the customer as it stands.
"""

from __future__ import annotations

import re

SPACE = r"(?:\s|&nbsp;|&#160;)*"
FILLED = re.compile(r"\{\{.+?\}\}", re.DOTALL)
VALUE = re.compile(rf"\{{\{{{SPACE}([a-z_][\w.]*){SPACE}\}}\}}")
TAG = re.compile(r"(<[^>]*>)")
LEFT = re.compile(r"\{\{[^<]{0,40}")
NAMED = re.compile(rf"\{{\{{{SPACE}[A-Za-z_][^<}}]{{0,40}}(?:\}}\}})?")


def quote_in_markup(text: str) -> str:
    """Replace the values between braces in a text in HTML by the tags that are filled in.

    >>> quote_in_markup("<p>Pay {{ object.total_text }} now</p>")
    '<p>Pay <t t-out="object.total_text"/> now</p>'
    """
    parts = TAG.split(text)
    parts[::2] = [VALUE.sub(r'<t t-out="\1"/>', part) for part in parts[::2]]
    return "".join(parts)


def printed_as_typed(text: str, *, is_markup: bool) -> str | None:
    """Return what a text would print instead of filling it in, or None.

    >>> printed_as_typed("Pay {{ object.total_text", is_markup=False)
    '{{ object.total_text'
    >>> printed_as_typed("Pay {{ object.total_text }}", is_markup=False)
    """
    found = LEFT.search(text if is_markup else FILLED.sub("", text))
    return found and found[0].strip()


def named_value(text: str) -> str | None:
    """Return the first value that a text names between braces, closed or not, or None.

    In the text of one single message nothing is filled in: what was pasted from a level would go to
    the customer as it stands.

    >>> named_value("Pay {{ object.total_text }} now")
    '{{ object.total_text }}'
    >>> named_value("{{ 7*7 }}")
    """
    found = NAMED.search(text)
    return found and found[0].strip()

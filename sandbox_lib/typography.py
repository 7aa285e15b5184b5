"""French typography of the translated terms: what no translator should have to remember."""

import re

_NBSP = "\u00a0"
# What is markup or code in a term, and keeps its spaces and its quotes.
_CODE = re.compile(r"(<[^>]*>|\{\{.*?\}\}|%\(\w+\)[sd]|https?://\S+|\w+\('[^)]*\))")
_RULES = (
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_«“])"), "’"),
    (re.compile(r" (?=[:;?!»](?:[\s<\".,)]|$))"), _NBSP),
    (re.compile(r"« "), f"«{_NBSP}"),
    (re.compile(r"(?<=\d) (?=[€%](?:[\s.,;)]|$))"), _NBSP),
    (re.compile(r"^ (?=%%)"), _NBSP),
    (re.compile(r"\bn° "), f"n°{_NBSP}"),
    (re.compile(r"(?<![\w.])([LRD])(?:\. ?)?(?=\d{3,4}-\d)"), rf"\1.{_NBSP}"),
    (re.compile(r"\bart\. (?=[LRD\d])"), f"art.{_NBSP}"),
)


def set_french(text: str) -> str:
    """Return a French term with its apostrophes, its spaces that never break, its articles.

    >>> set_french("L'article L441-10 : 40 € « nets »").replace("\\u00a0", "~")
    'L’article L.~441-10~: 40~€ «~nets~»'
    >>> set_french("<t t-out=\\"o['a']\\" /> : oui").replace("\\u00a0", "~")
    '<t t-out="o[\\'a\\']" />~: oui'
    """
    parts = _CODE.split(text)
    for place in range(0, len(parts), 2):
        for pattern, replacement in _RULES:
            parts[place] = pattern.sub(replacement, parts[place])
    return "".join(parts)

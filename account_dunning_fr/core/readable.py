"""Keeps a page readable whatever names it shows, with articles of law on one line.

A word longer than a line would push the columns of figures off the paper, so it may break. A
character that forces the writing direction would shuffle what follows, including amounts, and
wkhtmltopdf prints it over its neighbours, so it is removed. Arabic and Hebrew do not need it.

>>> make_readable("<td>" + "A" * 120 + "</td>").count(BREAK)
5
>>> make_readable("<td>Zo\\u202eé</td>")
'<td>Zoé</td>'
>>> make_readable("<p>article L. 441-10 II</p>")
'<p>article <span style="white-space:nowrap">L. 441-10 II</span></p>'
"""

from __future__ import annotations

import re

LONGEST = 100  # characters; an IBAN, an e-mail address and a Message-Id stay whole
STEP = 20
BREAK = "\u200b"  # zero-width space; the HTML parser with which Odoo prints knows no <wbr>
TEXT = re.compile(r"(?<=>)[^<]+")
LONG_TEXT = re.compile(rf">[^<]{{{LONGEST + 1},}}")
LONG = re.compile(rf"(?:&[^;\s]{{1,8}};|[^\s&]){{{LONGEST + 1},}}")
PART = re.compile(rf"(?:&[^;\s]{{1,8}};|\S){{1,{STEP}}}")
# A line that ends with « L. 441- » is no article: its hyphens and spaces keep a number together.
# What precedes the point is checked after it: points are few and quickly found.
ARTICLE = re.compile(
    r"\.(?<=[LRD]\.)(?<!\w[LRD]\.)[ \u00a0]\d{2,4}(?:-\d{1,4})+(?:[ \u00a0][IVX]+\b)?"
)
WHOLE = '<span style="white-space:nowrap">{}</span>'
TURNING = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # embeddings, overrides, isolates
)


def make_readable(page: str) -> str:
    """Return a page of HTML whose long words may break and whose texts keep their direction.

    An article of law, « L. 441-10 II », stays on one line.

    :param page: well-formed HTML; tags and attributes stay as they are
    """
    page = _keep_articles_whole(_drop_turning(page))
    texts = (text[1:] for text in LONG_TEXT.findall(page))
    if all(len(word) <= LONGEST for text in texts for word in text.split()):
        return page  # true of nearly every page
    return TEXT.sub(lambda text: LONG.sub(_break, text[0]), page)


def _keep_articles_whole(page: str) -> str:
    parts, done = [], 0
    for article in ARTICLE.finditer(page):
        start, end = article.start() - 1, article.end()  # with its letter
        if page.rfind(">", 0, start) > page.rfind("<", 0, start):  # not in an attribute
            parts += [page[done:start], WHOLE.format(page[start:end])]
            done = end
    return "".join([*parts, page[done:]])


def _drop_turning(text: str) -> str:
    for character in TURNING:  # looking for each is faster than for all, or than replacing it
        if character in text:
            text = text.replace(character, "")
    return text


def shorten(text: str, length: int) -> str:
    """Return a text of at most so many characters, with long words broken by spaces.

    For drawn pages, where nothing wraps by itself.

    >>> shorten("Zoé", 5), shorten("Zoé et fils", 5), shorten("A" * 41, 100)[20]
    ('Zoé', 'Zoé …', ' ')
    """
    text = _drop_turning(text)
    if len(text) > length:
        text = f"{text[: length - 1]}…"
    return re.sub(rf"\S{{{2 * STEP + 1},}}", lambda word: " ".join(PART.findall(word[0])), text)


def _break(word: re.Match) -> str:
    return BREAK.join(PART.findall(word[0]))

"""A page that fetches nothing while it is printed, whatever a user typed into it.

The program that prints (wkhtmltopdf) is a browser: it fetches each picture, style sheet, frame or
font that a page names, from wherever it is, with the rights of the server. A page of this addon
brings all that it shows with it, so whatever names another place is taken out before it is printed.
"""

from __future__ import annotations

import re

from lxml import etree, html

DROPPED = (
    "animate",  # of a drawing: it may name a picture by and by
    "applet",
    "audio",
    "base",
    "embed",
    "frame",
    "frameset",
    "iframe",
    "link",
    "object",
    "script",
    "set",
    "source",
    "track",
    "video",
)
# Attributes that may name something to fetch; ``href`` of a link that is only shown is none.
FETCHED = {
    "archive",
    "background",
    "classid",
    "codebase",
    "data",
    "dynsrc",
    "icon",
    "longdesc",
    "lowsrc",
    "manifest",
    "poster",
    "profile",
    "src",
    "srcset",
    "xlink:href",
}
LINKS = ("a", "area")
TEXTS = ("alt", "href", "title", "value")  # said, or linked: nothing is drawn by what they name
# What nearly all elements of a page are and have, and nothing else: looked at no further.
PLAIN_TAGS = {"table", "thead", "tbody", "tr", "th", "td", "div", "p", "span", "strong", "br"}
PLAIN = {"class", "align", "colspan", "rowspan", "alt"}
# By its first bytes: the program goes by them, and a drawing named a picture may name a file.
PICTURE = re.compile(
    r"\s*(?i:data:image/(?:png|jpe?g|gif|webp|bmp)\s*(?:;[\w.=+-]*)*;base64,)"
    r"(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR|Qk[0-3])"
)
# The whole of one, without what could end it or begin another call.
WHOLE_PICTURE = re.compile(PICTURE.pattern + r"[^()\"'<>]*")
COMMENT = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
# An escape that is left would be read as one more; in a drawing a style sheet is read as HTML, in
# which elements and entities are live.
LIVE = str.maketrans("", "", "\\<&")
ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.DOTALL)
IMPORT = re.compile(
    r"@\s*(?:import|font-face|namespace)[^;{}]*(?:\{[^}]*\}?|;|$|(?=\}))", re.IGNORECASE
)
CALL = re.compile(
    r"(?:url|image-set|-webkit-image-set|image|cross-fade|src)\s*\((?P<inner>[^()]*(?:\([^()]*\)"
    r"[^()]*)*)\)?",
    re.IGNORECASE,
)


class OfflinePage(str):
    """A page that ``keep_offline`` made, and nothing else: it is not looked at again.

    :param tree: what it was written from, where the caller gave that: not to be changed
    """

    __slots__ = ("tree",)
    tree: html.HtmlElement | None


def keep_offline(page: str | html.HtmlElement) -> OfflinePage:
    """Return a whole page of HTML without anything to fetch; what it shows by itself stays.

    :param page: HTML as it goes to the printing program, or its tree, which is changed
    """
    if isinstance(page, OfflinePage):
        return page
    tree = html.document_fromstring(str(page)) if isinstance(page, str) else page
    # Where a comment ends, readers of HTML do not agree: what is one here may be live HTML there.
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    # Before anything is taken out; the others, nearly all of thousands, are not held meanwhile.
    remarkable = [
        node
        for node in tree.iter("*")
        if node.tag not in PLAIN_TAGS or not PLAIN.issuperset(node.keys())
    ]
    for node in remarkable:
        tag = node.tag.rpartition("}")[2].lower()
        refresh = tag == "meta" and (node.get("http-equiv") or "").lower() == "refresh"
        if tag in DROPPED or refresh:
            node.drop_tree()
            continue
        _clean_attributes(node, tag)
        if tag == "style":
            node.text = clean_css(node.text or "")
    offline = OfflinePage(html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>"))
    offline.tree = tree if tree is page else None
    return offline


def _clean_attributes(node, tag: str) -> None:
    for name, value in list(node.attrib.items()):
        short = name.rpartition("}")[2].lower()
        fetched = short in FETCHED or (short.endswith("href") and tag not in LINKS)
        picture = fetched and short != "srcset" and PICTURE.match(value)
        if (fetched and not picture) or short.startswith("on"):
            del node.attrib[name]
        elif not fetched and short not in TEXTS:  # a style, or what a drawing is painted with
            node.attrib[name] = clean_css(value)


def clean_css(text: str) -> str:
    """Return a style without what it fetches, however it is written.

    >>> clean_css("color: red; background: url(http://x.example/a.png)")
    'color: red; background: none'
    >>> clean_css(r"background: \\75rl('//x.example')")
    'background: none'
    >>> clean_css("width: 20mm")
    'width: 20mm'
    """
    if not re.search(r"[\\@(<&]|/\*", text):
        return text
    # What is left is read by the program that prints as it is here: no escape, no comment.
    plain = ESCAPE.sub(_unescape, COMMENT.sub("", text))
    plain = COMMENT.sub("", plain.translate(LIVE))
    return CALL.sub(_keep_picture, IMPORT.sub(" ", plain))


def _unescape(found: re.Match) -> str:
    code, letter = found.groups()
    if letter is not None:
        return letter
    number = int(code, 16)
    return chr(number) if 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"


def _keep_picture(call: re.Match) -> str:
    inner = call["inner"].strip().strip("'\"")
    return call[0] if WHOLE_PICTURE.fullmatch(inner) else "none"

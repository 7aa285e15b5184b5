"""A page that fetches nothing while it is printed, whatever a user entered in it.

The program that prints (wkhtmltopdf) is a browser: it fetches every image, style sheet, frame or
font referred to by a page, from anywhere, with the rights of the server. A page of this addon
contains everything it shows, so references to anything else are removed before it is printed.
"""

from __future__ import annotations

import re

from lxml import etree, html

DROPPED = (
    "animate",  # of an SVG: it may insert an image later
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
# Attributes that may refer to something to fetch; not ``href`` of a link, which is only shown.
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
TEXTS = ("alt", "href", "title", "value")  # text or link targets: never fetched
# What nearly all elements of a page are and have: these are not examined further.
PLAIN_TAGS = {"table", "thead", "tbody", "tr", "th", "td", "div", "p", "span", "strong", "br"}
PLAIN = {"class", "align", "colspan", "rowspan", "alt"}
# By its first bytes: the program goes by them, and an SVG declared as another image may refer to
# files.
PICTURE = re.compile(
    r"\s*(?i:data:image/(?:png|jpe?g|gif|webp|bmp)\s*(?:;[\w.=+-]*)*;base64,)"
    r"(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR|Qk[0-3])"
)
# A whole image, without anything that could end it or begin another call.
WHOLE_PICTURE = re.compile(PICTURE.pattern + r"[^()\"'<>]*")
COMMENT = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
# A remaining escape would be read as another one; in an SVG, style sheets are parsed as HTML, where
# elements and entities are active.
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
    """A page made by ``keep_offline``, and nothing else: it is not examined again.

    :param tree: the tree it was written from, if given by the caller: must not be changed
    """

    __slots__ = ("tree",)
    tree: html.HtmlElement | None


def keep_offline(page: str | html.HtmlElement) -> OfflinePage:
    """Return a whole HTML page without anything to fetch; what it contains itself stays.

    :param page: HTML as given to the printing program, or its tree, which is modified
    """
    if isinstance(page, OfflinePage):
        return page
    tree = html.document_fromstring(str(page)) if isinstance(page, str) else page
    # HTML parsers do not agree where a comment ends: a comment here may be active HTML there.
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    # Collected before anything is removed; the others, nearly all of thousands, are not held
    # meanwhile.
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
        elif not fetched and short not in TEXTS:  # a style, or the paint of an SVG
            node.attrib[name] = clean_css(value)


def clean_css(text: str) -> str:
    """Return a style without anything that it fetches, however it is written.

    >>> clean_css("color: red; background: url(http://x.example/a.png)")
    'color: red; background: none'
    >>> clean_css(r"background: \\75rl('//x.example')")
    'background: none'
    >>> clean_css("width: 20mm")
    'width: 20mm'
    """
    if not re.search(r"[\\@(<&]|/\*", text):
        return text
    # The printing program reads the result exactly as it is here: no escapes, no comments.
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

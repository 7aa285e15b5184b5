"""Long tables cut at the ends of pages, so that their heading is repeated on each page.

The program that prints (wkhtmltopdf) repeats headings only with its patched Qt. Without it, the
page is printed once more with a number in each row of its long tables, and the positions of the
numbers are read from the PDF (``places``): they give the position and height of the rows, and so
where to cut. The numbers are on no page that is kept. Whether the cut tables fit is known from the
number of sheets of that page, or from their text: a table whose whole text is on one sheet does not
cross the end of any. If neither is conclusive, the page is numbered again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from lxml import etree, html

LONG_CLASS = "dn_long"
LONG = (
    f"//table[contains(concat(' ', normalize-space(@class), ' '), ' {LONG_CLASS} ')]"
    "[thead][tbody/tr]"
)
DOCUMENT = "ancestor::*[contains(concat(' ', normalize-space(@class), ' '), ' dn_letter ')][1]"
NUMBER = re.compile(r"@(\d+)@")
NEW_PAGE = "page-break-before: always"
DOCUMENTS = "//*[contains(concat(' ', normalize-space(@class), ' '), ' dn_letter ')]"
BREAKS = etree.XPath(f"count(.//*[contains(@style, '{NEW_PAGE}')])")
SLACK = 8.0  # points left free under the last row: table margins, rounding
FEWEST = 2  # rows on a page: a total is never alone
SURELY = 60  # more rows than any sheet holds: 55 of the narrowest table fit on A4
MARK, CUT_CLASS = "dn_mark", "dn_cut"
# Hidden content keeps its place: only the numbers are drawn, which makes reading ten times as fast.
ALONE = f"body * {{visibility: hidden !important}} .{MARK} {{visibility: visible !important}}"


class Place(NamedTuple):
    """Where a row was printed."""

    page: int
    height: float  # of its first line above the bottom edge of the page, in points


def leave_sound(page: str, sheets: Sequence[int], texts: Sequence[str] = ()) -> str:
    """Return a page in which documents that no sheet cuts are no longer examined.

    If a document has no more sheets than it asks for, nothing in it crosses the end of one;
    otherwise, no table whose text is entirely on one sheet does. Their tables lose the class of
    long tables. The result is empty if no long table is left.

    :param page: HTML as given to the printing program
    :param sheets: number of sheets on which each document was printed, in their order, with an
        empty sheet between them; if their number differs from that of the documents, all count
        together
    :param texts: of each sheet, empty ones included, what ``squeeze`` leaves of its text; only
        those needed are read

    >>> letter = f'<div class="dn_letter"><p style="{NEW_PAGE}">a</p><table class="dn_long"/></div>'
    >>> leave_sound(letter, [2])
    ''
    >>> LONG_CLASS in leave_sound(letter, [3])
    True
    """
    tree = _read(page)
    documents = _get_documents(tree, sheets)
    held = {node for table in tree.find_class(LONG_CLASS) for node in table.iterancestors()}
    sound, first = [], 0
    for document, count in documents:
        read = range(first, first + count) if texts else ()
        first += count + 1  # plus the empty sheet
        sound.append(
            document not in held
            or count == int(BREAKS(document)) + 1
            or _are_whole(document.find_class(LONG_CLASS), texts, read)
        )
    if all(sound):  # true of nearly all pages: nothing is written
        return ""
    if tree is getattr(page, "tree", None):
        tree = html.document_fromstring(page)
    for (document, _count), whole in zip(_get_documents(tree, sheets), sound, strict=True):
        for table in document.find_class(LONG_CLASS) if whole else ():
            table.classes.discard(LONG_CLASS)
    return _write(tree)


def _get_documents(tree, sheets: Sequence[int]) -> list[tuple[html.HtmlElement, int]]:
    """Return the documents of a page, each with its sheets; as one, if the numbers differ."""
    documents = tree.xpath(DOCUMENTS)
    if len(documents) != len(sheets):
        return [(tree, sum(sheets) + len(sheets) - 1)]
    return list(zip(documents, sheets, strict=True))


def squeeze(text: str) -> str:
    """Return a text without spaces, with ligatures split into letters.

    >>> squeeze("1\u202f000,00\u00a0€  o\ufb03ce")
    '1000,00€office'
    """
    return "".join(normalize("NFKC", text).split())


def _are_whole(tables: Sequence, texts: Sequence[str], read: Sequence[int]) -> bool:
    """Return whether the text of each table is on one of these sheets, one after the other."""
    sheets = (texts[index] for index in read)
    said, start = next(sheets, None), 0
    for table in tables:
        rows = list(table.iter("tr"))
        if not rows or not squeeze(rows[-1].text_content()):
            return False  # an image, or nothing: its position cannot be read
        text = squeeze(table.text_content())
        while said is not None and (at := said.find(text, start)) < 0:
            said, start = next(sheets, None), 0
        if said is None:
            return False
        start = at + len(text)
    return True


def is_surely_long(page: str) -> bool:
    """Return whether the number of rows alone shows that a long table needs several sheets.

    :param page: HTML as given to the printing program

    >>> is_surely_long('<table class="dn_long"><thead><tr><th>a</th></tr></thead><tbody>'
    ...                + "<tr><td>b</td></tr>" * 200 + "</tbody></table>")
    True
    """
    tables = _read(page).xpath(LONG)
    return any(len(_get_rows(table)) > SURELY for table in tables if not _is_cut(table))


def mark_rows(page: str, *, cut: bool = True) -> str:
    """Return a page with a number in each row of its long tables; empty if it has none.

    Nothing else is drawn, and everything keeps its place; documents without a number are left out.

    :param page: HTML as given to the printing program
    :param cut: whether to number also the tables made by ``cut_tables``

    >>> NUMBER.findall(mark_rows('<table class="dn_long"><thead><tr><th>a</th></tr></thead>'
    ...                          '<tbody><tr><td>b</td></tr></tbody></table>'))
    ['0', '1']
    """
    tree = html.document_fromstring(page)
    rows = [(row, table) for table in tree.xpath(LONG) for row in _get_rows(table)]
    for number, (row, table) in enumerate(rows):
        if not cut and _is_cut(table):
            continue
        cell = row[0]
        mark = etree.Element("span", {"class": MARK, "style": "position: absolute"})
        mark.text, mark.tail, cell.text = f"@{number}@", cell.text, None
        cell.insert(0, mark)
    for document in tree.xpath(DOCUMENTS):
        if not document.find_class(MARK):
            document[:] = []
    if not tree.find_class(MARK):
        return ""
    style = etree.Element("style")
    style.text = ALONE
    tree.find("body").insert(0, style)
    return _write(tree)


def cut_tables(page: str, places: Mapping[int, Place], top: float, bottom: float) -> str:
    """Return a page whose tables have a heading on each sheet; empty if there is nothing to cut.

    In each document the first table that crosses the end of a page is cut, as whatever follows it
    moves. A table on a later sheet that the page explicitly asks for stays where it is, and is cut
    too.

    :param page: HTML, as given to ``mark_rows``
    :param places: where each number was printed
    :param top: height of the upper edge of the text above the bottom of the page, in points
    :param bottom: height of its lower edge
    """
    tree = html.document_fromstring(page)
    sheets, cut_on, number = _number_sheets(tree), {}, 0
    for table in tree.xpath(LONG):
        count = len(_get_rows(table))
        found = [places.get(index) for index in range(number, number + count)]
        number += count
        document = next(iter(table.xpath(DOCUMENT)), tree)
        if cut_on.get(document) == sheets[table] or None in found:
            continue
        if sizes := split_rows(found, top, bottom):
            cut_on[document] = sheets[table]
            _cut(table, sizes)
    return _write(tree) if cut_on else ""


def _number_sheets(tree) -> dict:
    """Return for each table how many sheets the page asks for up to it, before any cut."""
    sheet, sheets = 0, {}
    for node in tree.iter("*"):
        sheet += NEW_PAGE in node.get("style", "")
        if node.tag == "table":
            sheets[node] = sheet
    return sheets


def split_rows(places: list[Place], top: float, bottom: float) -> list[int]:
    """Return how many rows each sheet takes; none if the table stays on one.

    :param places: of the heading and of each row, in order

    >>> split_rows([Place(0, 60), Place(0, 40), Place(1, 100), Place(1, 80)], 110, 10)
    [1, 2]
    >>> split_rows([Place(0, 60), Place(0, 40)], 110, 10)
    []
    """
    head, *rows = places
    if rows[-1].page == head.page:
        return []
    steps = [a.height - b.height if a.page == b.page else None for a, b in pairwise(places)]
    tallest = max(filter(None, steps), default=top - bottom)
    sizes = [sum(row.page == head.page for row in rows)]
    if sizes[0] and rows[sizes[0] - 1].height - tallest < bottom:
        sizes[0] -= 1  # the line below it would move to a sheet of its own
    room = left = top - bottom - SLACK - (steps[0] or tallest)
    for step in [*steps[1:], None][sizes[0] :]:
        height = step or tallest
        if len(sizes) == 1 or height > left:
            sizes.append(0)
            left = room
        sizes[-1] += 1
        left -= height
    missing = FEWEST - sizes[-1]
    if missing > 0 and sizes[-2] >= FEWEST + missing:
        sizes[-2:] = [sizes[-2] - missing, FEWEST]
    return sizes


def _is_cut(table) -> bool:
    return CUT_CLASS in table.classes


def _get_rows(table) -> list:
    return [table.xpath("thead/tr")[0], *table.xpath("tbody/tr")]


def _cut(table, sizes: list[int]) -> None:
    """Leave the first rows in a table, and move the others to tables on sheets of their own."""
    _head, *rows = _get_rows(table)
    table.classes.add(CUT_CLASS)
    tail, table.tail = table.tail, None
    place = table
    if not sizes[0]:  # a heading without rows moves with its rows
        sizes = sizes[1:]
        table.addprevious(etree.Element("div", style=NEW_PAGE))
    start, style = sizes[0], table.get("style") or ""
    for size in sizes[1:]:
        place.xpath("descendant-or-self::table")[0].set("style", f"{style}; margin-bottom: 0")
        sheet = etree.Element("div", style=NEW_PAGE)
        part = etree.SubElement(sheet, "table", {**table.attrib, "style": style})
        part.append(deepcopy(table.find("thead")))
        etree.SubElement(part, "tbody").extend(rows[start : start + size])
        start += size
        place.addnext(sheet)
        place = sheet
    place.tail = tail


def _read(page: str):
    """Return the tree of a page for reading: that of an ``OfflinePage``, if it has one."""
    tree = getattr(page, "tree", None)
    return html.document_fromstring(page) if tree is None else tree


def _write(tree) -> str:
    return html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")

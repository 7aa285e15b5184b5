"""Long tables cut at the end of a page: every row once, in its order, under a heading."""

import re

import pytest
from lxml import html

from dossier.heads import (
    NUMBER,
    SLACK,
    Place,
    cut_tables,
    is_surely_long,
    leave_sound,
    mark_rows,
    split_rows,
    squeeze,
)
from dossier.offline import keep_offline

TOP, BOTTOM = 800.0, 30.0


def page(*tables, name="dn_table dn_long"):
    """Return a page of tables with these numbers of rows, each in a document of its own."""
    return "".join(
        f"<div class='dn_letter'><p>Before</p><table class='{name}' style='color: red'>"
        f"<thead><tr><th>What</th></tr></thead><tbody>{rows_of(table, count)}</tbody></table>"
        f"After {table}</div>"
        for table, count in enumerate(tables)
    )


def rows_of(table, count):
    return "".join(f"<tr><td>row {table}-{index}</td></tr>" for index in range(count))


def printed(body, row=20.0, first=590.0):
    """Return where the rows of a page fall, as an engine prints it that repeats no heading."""
    places, sheet, tall = {}, -1, 0.0
    for element in html.document_fromstring(mark_rows(body)).iter():
        if element.get("class") == "dn_letter":
            sheet, tall = sheet + 1, first
        elif "page-break-before" in (element.get("style") or ""):
            # The line under a table that ends with the sheet takes another one.
            sheet, tall = sheet + 1 + (tall - 2 < BOTTOM), TOP
        elif element.tag == "tr":
            if tall - row < BOTTOM:
                sheet, tall = sheet + 1, TOP
            (number,) = NUMBER.findall(element.text_content())
            places[int(number)] = Place(sheet, tall - row / 2)
            tall -= row
    return places


def cut_all(body):
    for _table in range(9):
        further = cut_tables(body, printed(body), TOP, BOTTOM)
        if not further:
            return body
        body = further
    raise AssertionError("the tables are cut again and again")


@pytest.mark.parametrize("counts", [(40,), (28,), (29,), (30,), (28, 90), (200, 3, 66)])
def test_each_sheet_of_a_table_begins_with_the_heading(counts):
    body = cut_all(page(*counts))
    tree = html.document_fromstring(body)
    rows = [row.text_content() for row in tree.xpath("//tbody/tr")]
    assert rows == [f"row {t}-{i}" for t, count in enumerate(counts) for i in range(count)]
    places, number = printed(body), 0
    for table in tree.xpath("//table"):
        assert table.get("style").startswith("color: red")
        size = 1 + len(table.xpath("tbody/tr"))
        assert len({places[number + index].page for index in range(size)}) == 1
        number += size
    sheets = {place.page for place in places.values()}
    assert sheets == set(range(len(sheets)))  # none is empty
    # What follows a table stays behind its last row.
    assert re.findall("row 0-.*?After", tree.text_content().replace("\n", " "))[0].endswith("After")


def two_tables(first, second, style=""):
    """Return a document of two tables, with a line of this style between them."""
    other = page(second).partition("<p>Before</p>")[2].replace("row 0-", "row 1-")
    return page(first).replace("After 0</div>", f"<p style='{style}'>Then</p>{other}")


@pytest.mark.parametrize(("first", "second"), [(40, 90), (28, 90), (60, 29), (200, 66)])
def test_a_table_on_a_sheet_of_its_own_is_cut_with_those_before_it(first, second):
    body = two_tables(first, second, "page-break-before: always")
    once = cut_tables(body, printed(body), TOP, BOTTOM)
    assert once == cut_all(body)
    rows = [row.text_content() for row in html.document_fromstring(once).xpath("//tbody/tr")]
    wanted = [f"row {t}-{i}" for t, count in enumerate((first, second)) for i in range(count)]
    assert rows == wanted
    # As if it stood in a document of its own: what is before it does not move it.
    tables = html.document_fromstring(once).xpath("//p[.='Then']/following::table")
    alone = html.document_fromstring(cut_all(two_tables(1, second, "page-break-before: always")))
    beside = alone.xpath("//p[.='Then']/following::table")
    assert [len(t.xpath(".//tr")) for t in tables] == [len(t.xpath(".//tr")) for t in beside]


def test_a_table_that_moves_with_the_one_before_it_waits_for_it():
    body = two_tables(40, 90)
    once = cut_tables(body, printed(body), TOP, BOTTOM)
    assert len(html.document_fromstring(once).xpath("//p[.='Then']/following::table")) == 1
    assert once != cut_all(body)


@pytest.mark.parametrize("count", [1, 10, 27])
def test_a_table_on_one_sheet_is_left_as_it_is(count):
    assert cut_tables(page(count), printed(page(count)), TOP, BOTTOM) == ""


def test_a_page_without_a_long_table_has_nothing_to_mark():
    assert mark_rows(page(50, name="dn_table")) == ""


def test_a_total_never_stands_alone():
    rows = [Place(0, 100.0), Place(0, 80.0), Place(0, 60.0), Place(0, 40.0), Place(1, 790.0)]
    assert split_rows(rows, TOP, BOTTOM) == [2, 2]
    # A heading that stands alone at the end of a sheet goes with its rows.
    rows = [Place(0, 40.0), Place(1, 790.0), Place(1, 770.0)]
    assert split_rows(rows, TOP, BOTTOM) == [0, 2]


def test_high_rows_are_counted_as_they_are():
    room = TOP - BOTTOM - SLACK
    high = [Place(0, 200.0), Place(0, 190.0), *(Place(1, TOP - 100 * n) for n in range(6))]
    sizes = split_rows(high, TOP, BOTTOM)
    assert (sum(sizes), sizes[0]) == (7, 1)
    assert all(100 * size <= room for size in sizes[1:])


def test_a_row_that_was_not_found_leaves_its_table():
    body = page(40)
    places = printed(body)
    del places[7]
    assert cut_tables(body, places, TOP, BOTTOM) == ""


def numbered(marked):
    return [int(number) for number in NUMBER.findall(marked)]


def test_a_document_without_a_long_table_is_not_printed_to_look_for_rows():
    marked = mark_rows(page(2, name="dn_table") + page(2))
    assert numbered(marked) == [0, 1, 2]
    assert marked.count("dn_letter") == 2
    assert marked.count("Before") == 1


def test_what_was_cut_is_looked_at_again_only_when_asked():
    body = page(200, 3)
    assert is_surely_long(body)
    body = cut_tables(body, printed(body), TOP, BOTTOM)
    assert not is_surely_long(body)
    again = numbered(mark_rows(body))
    rows = len(html.document_fromstring(body).xpath("//tr"))
    assert again == list(range(rows))
    # The table of three rows and its heading: their numbers are the same as among all.
    assert numbered(mark_rows(body, cut=False)) == again[-4:]
    assert mark_rows(cut_all(page(200)), cut=False) == ""


def test_a_document_on_its_sheets_is_looked_at_no_more():
    body = cut_tables(page(60, 60), printed(page(60, 60)), TOP, BOTTOM)
    sheets = [1 + part.count("page-break-before") for part in body.split("dn_letter")[1:]]
    assert leave_sound(body, sheets) == ""
    left = leave_sound(body, [sheets[0], sheets[1] + 1])
    assert numbered(mark_rows(left))[0] == 0
    assert "row 0-0" not in mark_rows(left)
    assert "row 1-0" in mark_rows(left)


def said(body, sheets):
    """Return what sheets say on which these tables of a page are, first and last row."""
    tables = html.document_fromstring(body).xpath("//table")
    texts = [[squeeze(row.text_content()) for row in table.iter("tr")] for table in tables]
    return ["".join("".join(texts[t][first:last]) for t, first, last in sheet) for sheet in sheets]


def test_a_document_whose_tables_are_whole_on_their_sheets_is_looked_at_no_more():
    body = page(3, 4)
    whole = said(body, [[(0, 0, 4)], [], [], [(1, 0, 5)], [], []])
    assert leave_sound(body, [2, 3], whole) == ""
    # The second document: a row of its table on the next sheet, or under that of the first.
    for other in ([[(1, 0, 4)], [(1, 4, 5)]], [[(0, 0, 4), (1, 0, 4)], [(1, 4, 5)]]):
        cut = said(body, [[(0, 0, 4)], [], [], *other, []])
        left = leave_sound(body, [2, 3], cut)
        assert [row for row in ("row 0-0", "row 1-0") if row in mark_rows(left)] == ["row 1-0"]
    # On a sheet of the other document it proves nothing.
    assert leave_sound(body, [2, 3], said(body, [[(0, 0, 4)], [(1, 0, 5)], [], [], [], []]))


def test_a_table_that_is_there_once_does_not_stand_for_its_like():
    table = page(3).partition("<table")[2].partition("After")[0]
    body = f"<div class='dn_letter'><table{table}<table{table}</div>"
    assert leave_sound(body, [2], said(body, [[(0, 0, 4), (1, 0, 4)], []])) == ""
    assert leave_sound(body, [2], said(body, [[(0, 0, 4), (1, 0, 2)], [(1, 2, 4)]]))


@pytest.mark.parametrize("sheets", [[1, 1], [1, 5], [2, 5], [7]])
def test_the_tree_of_a_page_is_looked_at_in_its_place_and_stays(sheets):
    tree = html.document_fromstring(page(3, 200))
    laid = keep_offline(tree)
    assert laid.tree is tree
    before = html.tostring(tree)
    assert is_surely_long(laid)
    assert is_surely_long(str(laid))
    assert leave_sound(laid, sheets) == leave_sound(str(laid), sheets)
    assert html.tostring(tree) == before


def test_a_last_row_that_says_nothing_is_looked_for_by_its_number():
    body = page(3).replace("row 0-2", "<img src='a' alt=''>")
    assert leave_sound(body, [2], said(body, [[(0, 0, 4)], []]))
    body = page(3).replace("row 0-1", "")  # others say after it where it stands
    assert leave_sound(body, [2], said(body, [[(0, 0, 4)], []])) == ""


def test_documents_that_are_not_told_apart_are_counted_together():
    body = page(3, 3)
    assert leave_sound(body, [1]) == ""
    assert numbered(mark_rows(leave_sound(body, [2]))) == list(range(8))

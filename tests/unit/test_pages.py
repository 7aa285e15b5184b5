"""A long table is one table a page; nothing is lost, repeated or put in another order."""

import pytest

from core.pages import split_pages


@pytest.mark.parametrize(("count", "pages"), [(0, 0), (1, 1), (40, 1), (41, 2), (80, 2), (121, 4)])
def test_a_page_holds_its_number_of_rows(count, pages):
    assert len(split_pages(range(count), 40)) == pages


@pytest.mark.parametrize("room", [1, 3, 7])
def test_every_row_is_on_one_page_in_its_order(room):
    sizes = [1, 2, 1, 1, 3, 1, 2, 2, 1]
    pages = split_pages(list(enumerate(sizes)), room, size=lambda row: row[1])
    assert [row for page in pages for row in page] == list(enumerate(sizes))
    assert all(sum(size for _row, size in page) <= room or len(page) == 1 for page in pages)


def test_a_row_larger_than_the_page_has_its_own():
    assert split_pages([9, 1], 4, size=lambda row: row) == [[9], [1]]


def test_a_page_without_room_is_refused():
    with pytest.raises(ValueError, match="room for one line"):
        split_pages([1], 0)

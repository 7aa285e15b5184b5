"""Cells of printed tables: each stands in its column, whatever is not known."""

from pathlib import Path

import pytest
from lxml import etree

ADDON = Path(__file__).parents[2] / "account_dunning_fr"
CELLS = "//*[self::td or self::th][@t-out or @t-field or @t-esc]"
PAGES = [
    path
    for path in sorted(ADDON.rglob("*.xml"))
    if path.parent.parent.name in ("reports", "wizards", "views", "data")
]


def written_on_cells(tree):
    """Return the cells whose value stands on the cell itself, by line."""
    return [cell.sourceline for cell in tree.xpath(CELLS)]


def test_a_value_on_the_cell_itself_is_seen():
    row = etree.fromstring(
        '<tr><td t-out="name" /><td><t t-out="name" /></td><th t-out="a" /></tr>'
    )
    assert len(written_on_cells(row)) == 2


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_cell_vanishes_when_its_value_is_empty(path):
    """QWeb drops an element whose value is False: the cells after it would move a column."""
    assert written_on_cells(etree.parse(path)) == []

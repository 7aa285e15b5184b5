"""On a telephone no column of a list within a form stands beside the screen."""

from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
STACKED = "o_dunning_stacked"


def find_wide(tree):
    """Return the fields of forms whose list is neither stacked nor replaced by cards."""
    return [
        found.getparent().get("name")
        for found in tree.iter("list")
        if found.getparent().tag == "field"
        and found.getparent().get("name") != "arch"
        and found.getparent().find("kanban") is None
        and STACKED not in found.get("class", "").split()
    ]


def test_the_rule_can_fail():
    page = '<form><field name="line_ids"><list{}><field name="date"/></list></field></form>'
    assert find_wide(etree.fromstring(page.format(""))) == ["line_ids"]
    assert find_wide(etree.fromstring(page.format(f' class="{STACKED}"'))) == []


@pytest.mark.parametrize("addon", sorted(path.name for path in ROOT.glob("account_dunning_fr*")))
def test_lists_within_forms_are_stacked_or_have_cards(addon):
    found = {
        path.name: wide
        for path in (ROOT / addon).rglob("*.xml")
        if (wide := find_wide(etree.parse(path)))
    }
    assert found == {}, f'give the list class="{STACKED}", or cards beside it'

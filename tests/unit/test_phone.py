"""On a telephone no column of a list stands beside the screen."""

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


def read_views(addon):
    """Return the model and the whole page (list, form…) of each view of an addon."""
    records = (
        record
        for path in (ROOT / addon).rglob("*.xml")
        for record in etree.parse(path).iter("record")
        if record.get("model") == "ir.ui.view"
    )
    return [
        (record.findtext("field[@name='model']"), page)
        for record in records
        for page in record.findall("field[@name='arch']/*")
    ]


def find_wide_pages(views):
    """Return the models whose list is a page that is not stacked, and that have no cards."""
    with_cards = {model for model, page in views if page.tag == "kanban"}
    return {
        model
        for model, page in views
        if page.tag == "list"
        and model not in with_cards
        and STACKED not in page.get("class", "").split()
    }


def test_the_rule_can_fail():
    page = '<form><field name="line_ids"><list{}><field name="date"/></list></field></form>'
    assert find_wide(etree.fromstring(page.format(""))) == ["line_ids"]
    assert find_wide(etree.fromstring(page.format(f' class="{STACKED}"'))) == []
    views = [("wide", etree.fromstring("<list/>")), ("carded", etree.fromstring("<list/>"))]
    assert find_wide_pages([*views, ("carded", etree.fromstring("<kanban/>"))]) == {"wide"}


@pytest.mark.parametrize("addon", sorted(path.name for path in ROOT.glob("account_dunning_fr*")))
def test_lists_within_forms_are_stacked_or_have_cards(addon):
    found = {
        path.name: wide
        for path in (ROOT / addon).rglob("*.xml")
        if (wide := find_wide(etree.parse(path)))
    }
    assert found == {}, f'give the list class="{STACKED}", or cards beside it'


def test_lists_that_are_pages_are_stacked_or_have_cards():
    """Cards are of the model, in whichever addon: the list behind a figure shows what adds up."""
    addons = [path.name for path in ROOT.glob("account_dunning_fr*")]
    found = find_wide_pages([view for addon in addons for view in read_views(addon)])
    assert found == set(), f'give the list class="{STACKED}", or cards beside it'

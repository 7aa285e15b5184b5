"""On a telephone no column of a list stands beside the screen, and no act of its head is lost."""

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


def read_heads(addons):
    """Return the acts that the heads of lists and cards offer, ``{(model, tag): names}``.

    With those that another view adds to the head of one of them.
    """
    heads, added, tags = {}, [], {}
    for path in (path for addon in addons for path in (ROOT / addon).rglob("*.xml")):
        for record in etree.parse(path).iter("record"):
            model = record.findtext("field[@name='model']")
            for page in record.findall("field[@name='arch']/*"):
                if page.tag in ("list", "kanban"):
                    tags[record.get("id")] = page.tag
                    heads.setdefault((model, page.tag), set()).update(read_acts(page, "header"))
                elif page.tag == "xpath" and page.get("expr") == "//header":
                    base = record.find("field[@name='inherit_id']").get("ref")
                    added.append((model, base, read_acts(page, ".")))
    for model, base, acts in added:
        if base in tags:
            heads[model, tags[base]] |= acts
    return heads


def read_acts(page, where):
    """Return the names of the buttons that stand there."""
    return {button.get("name") for button in page.iterfind(f"{where}/button")}


def find_lost_acts(heads):
    """Return what the head of a list offers and that of the cards in its place does not."""
    lost = {
        model: acts - heads[model, "kanban"]
        for (model, tag), acts in heads.items()
        if tag == "list" and (model, "kanban") in heads
    }
    return {model: acts for model, acts in lost.items() if acts}


def test_the_rule_can_fail():
    page = '<form><field name="line_ids"><list{}><field name="date"/></list></field></form>'
    assert find_wide(etree.fromstring(page.format(""))) == ["line_ids"]
    assert find_wide(etree.fromstring(page.format(f' class="{STACKED}"'))) == []
    views = [("wide", etree.fromstring("<list/>")), ("carded", etree.fromstring("<list/>"))]
    assert find_wide_pages([*views, ("carded", etree.fromstring("<kanban/>"))]) == {"wide"}
    page = "<list><header><button name='send'/></header><button name='of_a_row'/></list>"
    acts = read_acts(etree.fromstring(page), "header")
    assert find_lost_acts({("wide", "list"): acts}) == {}
    heads = {("carded", "list"): acts, ("carded", "kanban"): set()}
    assert find_lost_acts(heads) == {"carded": {"send"}}
    assert find_lost_acts({**heads, ("carded", "kanban"): acts}) == {}


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


def test_cards_offer_what_the_head_of_their_list_offers():
    """Odoo shows the cards instead of the list, whose head is not there then."""
    heads = read_heads([path.name for path in ROOT.glob("account_dunning_fr*")])
    assert heads["account.dunning.penalty", "list"] > {"action_book"}, "with what is added to it"
    assert find_lost_acts(heads) == {}, "give the cards a <header> with the same buttons"

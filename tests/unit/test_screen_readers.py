"""What a program that reads a page aloud needs to be told."""

from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
PAGES = sorted(ROOT.glob("account_dunning_fr*/static/src/**/*.xml"))
HIDDEN = "t"  # makes nothing in the page


def find_shown(node):
    """Return the nodes that the page has directly within this one."""
    for child in node.iterchildren(tag=etree.Element):
        if child.tag == HIDDEN:
            yield from find_shown(child)
        else:
            yield child


def find_lost(tree):
    """Return the terms that their list does not know: below more than one div, or beside others."""
    lost = []
    for terms in tree.iter("dl"):
        known = set()
        for child in find_shown(terms):
            group = list(find_shown(child)) if child.tag == "div" else [child]
            if all(each.tag in ("dt", "dd") for each in group):
                known.update(group)
        lost += [term for term in terms.iter("dt", "dd") if term not in known]
    return lost


def test_the_rule_can_fail():
    lost = "<p><dl><div><div><dt/><dd/></div></div></dl></p>"
    beside = "<p><dl><div><dt/><dd/><button/></div></dl></p>"
    found = "<p><dl><t><div><dt/><dd><button/></dd></div></t><dt/></dl></p>"
    assert [len(find_lost(etree.fromstring(page))) for page in (lost, beside, found)] == [2, 2, 0]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_terms_belong_to_their_list(path):
    assert find_lost(etree.parse(path)) == []

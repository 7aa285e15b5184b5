"""What a program that reads a page aloud needs to be told."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
PAGES = sorted(ROOT.glob("account_dunning_fr*/static/src/**/*.xml"))
VIEWS = sorted(ROOT.glob("account_dunning_fr*/views/**/*.xml"))
TEMPLATES = {
    template.get("id"): template
    for path in ROOT.glob("account_dunning_fr*/**/*.xml")
    for template in etree.parse(path).iter("template")
}
HIDDEN = "t"  # makes nothing in the page
HEADING = re.compile("h([1-6])")
INLINE = (HIDDEN, "span", "strong", "em", "small")
# What tells a link from the text around it where colours are not seen.
TOLD_APART = {"btn", "text-decoration-underline"}


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


def read_levels(node):
    """Return the levels of the headings within a node, in order, with those that it calls."""
    found = HEADING.fullmatch(node.tag)
    levels = [int(found[1])] if found else []
    for child in node.iterchildren(tag=etree.Element):
        levels += read_levels(child)
    called = (node.get("t-call") or "").rpartition(".")[2]
    return levels + (read_levels(TEMPLATES[called]) if called in TEMPLATES else [])


def find_skips(node):
    """Return the headings that follow one which is more than a level above: (3, 5)."""
    levels = read_levels(node)
    return [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]


def read_screens(path):
    """Return what one screen shows, each: a template, a view, a component."""
    for node in etree.parse(path).getroot().iter("template", "field", "t"):
        of_a_view = node.tag == "field" and node.get("name") == "arch"
        if node.tag == "template" or of_a_view or node.get("t-name"):
            yield node


def has_text(node):
    """Whether a node shows text of its own, apart from that of links."""
    if node.tag == "a":
        return False
    own = (node.text or "").strip() or node.get("t-out") or node.get("t-esc")
    children = node.iterchildren(tag=etree.Element)
    return bool(own) or any(has_text(child) or (child.tail or "").strip() for child in children)


def find_plain_links(node):
    """Return the links within a text that only their colour tells apart from it."""
    found = []
    for link in node.iter("a"):
        shown = link.get("t-out") or "".join(link.itertext()).strip()  # else it is an icon
        block = next(each for each in link.iterancestors() if each.tag not in INLINE)
        if shown and has_text(block) and not TOLD_APART & set(link.get("class", "").split()):
            found.append(link)
    return found


def find_read_icons(tree):
    """Return the icons that neither say what they mean nor are left out: their sign is read."""
    told = {"title", "t-att-title", "aria-label", "t-att-aria-label", "aria-hidden"}
    icons = tree.iter("i")
    return [icon for icon in icons if is_icon(icon) and not told & set(icon.attrib)]


def is_icon(node):
    """Whether a node shows a sign of an icon font."""
    classes = f"{node.get('class', '')} {node.get('t-attf-class', '')}".split()
    return bool({"fa", "oi"} & set(classes))


def test_the_rule_can_fail():
    lost = "<p><dl><div><div><dt/><dd/></div></div></dl></p>"
    beside = "<p><dl><div><dt/><dd/><button/></div></dl></p>"
    found = "<p><dl><t><div><dt/><dd><button/></dd></div></t><dt/></dl></p>"
    assert [len(find_lost(etree.fromstring(page))) for page in (lost, beside, found)] == [2, 2, 0]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_terms_belong_to_their_list(path):
    assert find_lost(etree.parse(path)) == []


def test_the_rule_of_icons_can_fail():
    page = "<p><i class='fa fa-check'/> Sign <i class='oi oi-x' title='Close'/><i>a word</i></p>"
    assert len(find_read_icons(etree.fromstring(page))) == 1


@pytest.mark.parametrize("path", [*PAGES, *VIEWS], ids=lambda path: path.name)
def test_an_icon_says_what_it_means_or_is_left_out(path):
    assert [etree.tostring(icon) for icon in find_read_icons(etree.parse(path))] == []


def test_the_rules_of_headings_and_links_can_fail():
    skipped = etree.fromstring("<form><div><h1/></div><t><h3/></t><h2/><h4/></form>")
    assert find_skips(skipped) == [(1, 3), (2, 4)]
    assert find_skips(etree.fromstring("<form><h2/><h3/><h1/><h2/></form>")) == []
    assert read_levels(TEMPLATES["portal_payment_plan"]) == [1, 2, 2]  # the agreement within it
    plain = etree.fromstring("<p>A question? <t><a t-out='mail'/></t></p>")
    apart = "<p>A question? <a class='btn'>Ask</a><a class='text-decoration-underline'>x</a></p>"
    alone = etree.fromstring("<p><i/><a>Statement</a></p>")
    icon = etree.fromstring("<p>Invoice <a><i/></a></p>")
    found = [len(find_plain_links(page)) for page in (plain, etree.fromstring(apart), alone, icon)]
    assert found == [1, 0, 0, 0]


@pytest.mark.parametrize("path", [*PAGES, *VIEWS], ids=lambda path: path.name)
def test_no_level_of_headings_is_skipped(path):
    assert [skips for screen in read_screens(path) if (skips := find_skips(screen))] == []


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.name)
def test_links_of_the_pages_of_customers_are_told_apart(path):
    """The pages of customers are templates; the client's own links Odoo draws."""
    pages = etree.parse(path).getroot().iter("template")
    assert [etree.tostring(link) for page in pages for link in find_plain_links(page)] == []

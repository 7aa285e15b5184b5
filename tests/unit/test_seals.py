"""The canonical record and the chain: nothing is changed, inserted or taken out unseen."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.seals import ORIGIN, Link, canonical, differing, find_fault, group_digits, link, sha256


def chain(*texts):
    """Return the links of these records."""
    links, previous = [], ORIGIN
    for number, text in enumerate(texts, 1):
        digest = sha256(text.encode())
        previous = link(previous, number, digest)
        links.append(Link(number, digest, previous, text))
    return links


def faults(links):
    """Return ``{number: fault}`` of a chain."""
    pairs = zip([None, *links], links, strict=False)
    found = {this.number: find_fault(before, this) for before, this in pairs}
    return {number: fault for number, fault in found.items() if fault}


def test_the_order_of_the_keys_does_not_matter():
    assert canonical({"b": "é", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"é"}'
    assert canonical({"a": [1, None, True], "b": "é"}) == canonical(
        {"b": "é", "a": [1, None, True]}
    )


@pytest.mark.parametrize(
    "value", [1.5, {"a": 0.1}, [Decimal(1)], {1: "a"}, {"a": {"b": b""}}, {()}]
)
def test_what_is_not_always_written_the_same_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


def test_a_chain_as_it_was_made_holds():
    assert faults(chain("a", "b", "c", "d")) == {}


@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_text_that_changed_is_found_where_it_is(place):
    links = chain("a", "b", "c", "d")
    links[place] = replace(links[place], content="x")
    assert faults(links) == {place + 1: "content"}


@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_text_changed_with_its_own_sum_breaks_the_chain(place):
    links = chain("a", "b", "c", "d")
    links[place] = replace(links[place], content="x", digest=sha256(b"x"))
    assert faults(links) == {place + 1: "chain"}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_link_made_anew_breaks_the_next_one(place):
    links = chain("a", "b", "c", "d")
    before = links[place - 1].total if place else ORIGIN
    digest = sha256(b"x")
    links[place] = Link(place + 1, digest, link(before, place + 1, digest), "x")
    assert faults(links) == {place + 2: "chain"}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_record_taken_out_leaves_a_gap(place):
    links = chain("a", "b", "c", "d")
    del links[place]
    assert faults(links) == {place + 2: "gap"}


def test_an_emptied_record_keeps_the_chain_whole():
    links = chain("a", "b", "c")
    links[1] = replace(links[1], content=None)
    assert faults(links) == {}


def test_what_differs_is_named():
    kept = {"deadline": "2026-06-09", "total": "100.00"}
    assert differing(kept, dict(kept)) == []
    assert differing(kept, {**kept, "deadline": None}) == ["deadline"]
    assert differing(kept, {"total": "1.00", "extra": "x"}) == ["deadline", "extra", "total"]


def test_a_sum_is_printed_in_groups_of_sixteen():
    assert group_digits(sha256(b"a")).split(" ") == [
        "ca978112ca1bbdca",
        "fac231b39a23dc4d",
        "a786eff8147c4e72",
        "b9807785afee48bb",
    ]

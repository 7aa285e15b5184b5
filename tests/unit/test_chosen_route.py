"""The route chosen for a file is examined by the rule of the advice; the words follow it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from core.chosen_route import advice_on_chosen, interrupted_by, words_of
from core.claim import Facts, Item
from core.eligibility import examine
from core.route import ROUTES

ON = date(2026, 11, 21)
ITEM = Item(1, date(2026, 7, 31), Decimal(3000), date(2031, 7, 31))
# Each of these tells that the route cannot be taken, or that it should not.
AGAINST = {"route_closed", "insolvent", "public", "contested", "not_traders"}
AGAINST |= {"traders_unknown", "traders"}
EVERY_SITUATION = [
    Facts(
        ON,
        (replace(ITEM, left=left, frozen=frozen, disputed=disputed),),
        regime,
        place=place,
        route=route,
        merchant=merchant,
        uncontested=True,
    )
    for route, regime, merchant, place, left, frozen, disputed in product(
        ROUTES,
        ("b2b", "b2c", "b2g", None),
        (True, False, None),
        ("france", "europe", "denmark", "abroad"),
        (Decimal(900), Decimal(6000)),
        (False, True),
        (False, True),
    )
]


def against(facts):
    """Return ``{code: level}`` of what the examination says against the route."""
    found = examine(facts)
    return {f.code: f.level for f in found if f.code in AGAINST and f.level != "ok"}


def test_what_the_advice_closes_the_examination_tells():
    silent = [
        facts
        for facts in EVERY_SITUATION
        if advice_on_chosen(facts).standing == "closed" and not against(facts)
    ]
    assert silent == []


def test_what_the_advice_leaves_open_is_not_told_to_be_closed():
    open_ones = [facts for facts in EVERY_SITUATION if advice_on_chosen(facts).standing != "closed"]
    assert {facts.route for facts in open_ones} == set(ROUTES)
    for facts in open_ones:
        found = against(facts)
        assert "route_closed" not in found, facts
        if facts.regime != "b2g" and not facts.items[0].frozen:
            assert "forbidden" not in found.values(), facts


@pytest.mark.parametrize(
    ("level", "source", "changes"),
    [
        ("forbidden", "CPCE L. 125-1, R. 125-1", {"route": "small_claim", "claimed": "5000.01"}),
        ("forbidden", "C. com. L. 721-3", {"route": "order_commercial", "regime": "b2c"}),
        ("warning", "C. com. L. 721-3", {"route": "order_commercial", "merchant": False}),
        ("warning", "CPC 1405", {"route": "order_judicial", "merchant": True}),
        ("warning", "CPC 1406", {"route": "order_commercial", "place": "europe"}),
        ("warning", "CPC 1406", {"route": "order_commercial", "place": "abroad"}),
        ("forbidden", "règlement (CE) 1896", {"route": "european", "place": "denmark"}),
        ("warning", "CPC 1406", {"route": "order_judicial", "place": "denmark"}),
        ("forbidden", "", {"route": "administrative"}),
        ("forbidden", "", {"route": "declaration"}),
        ("forbidden", "", {"route": "european"}),
        ("warning", "contrat", {"route": "insurer", "regime": "b2c"}),
        (
            "forbidden",
            "règlement (CE) 861",
            {"route": "european_small", "place": "europe", "principal": "5000.01"},
        ),
    ],
)
def test_how_a_closed_route_is_told(level, source, changes):
    sums = {
        name: Decimal(changes.pop(name)) for name in ("claimed", "principal") if name in changes
    }
    facts = replace(Facts(ON, (ITEM,), "b2b"), **changes, **sums)
    (finding,) = (found for found in examine(facts) if found.code == "route_closed")
    assert finding.level == level
    assert finding.source.startswith(source)


@pytest.mark.parametrize("fault", ["kind", "place"])
def test_a_court_that_is_none_for_the_claim_is_told(fault):
    facts = Facts(ON, (ITEM,), "b2b", route="order_commercial", court_fault=fault)
    assert against(replace(facts, court_fault="")) == {}
    (finding,) = (found for found in examine(facts) if found.code.startswith("court_"))
    assert (finding.code, finding.level) == (f"court_{fault}", "warning")


@pytest.mark.parametrize("route", [None, *ROUTES])
def test_open_proceedings_forbid_every_action_and_a_liquidation_closed_is_told(route):
    facts = Facts(ON, (replace(ITEM, frozen=True),), "b2b", merchant=True, route=route)
    assert against(facts)["insolvent"] == "forbidden"
    closed = replace(facts, items=(replace(ITEM, liquidated=True),))
    (finding,) = (found for found in examine(closed) if found.code == "liquidated")
    assert (finding.level, finding.source) == ("warning", "C. com. L. 643-11, R. 643-20")
    assert "solvent" not in {found.code for found in examine(closed)}
    assert "solvent" in {found.code for found in examine(replace(facts, items=(ITEM,)))}


def test_after_a_liquidation_no_order_is_advised():
    facts = Facts(ON, (replace(ITEM, liquidated=True),), "b2b", merchant=True)
    for route in ("order_commercial", "order_judicial"):
        assert advice_on_chosen(replace(facts, route=route)).standing != "advised"


def test_every_route_says_what_interrupts_the_limitation():
    assert {route: interrupted_by(route)[0] for route in (None, *ROUTES)} == {
        None: "any",
        "order_commercial": "order",
        "order_judicial": "order",
        "order_protection": "order",
        "european": "order",
        "interim": "claim",
        "summons": "claim",
        "european_small": "claim",
        "administrative": "public",
        "declaration": "declaration",
        "uncontested": "uncontested",
        "small_claim": "apart",
        "mediation": "apart",
        "agency": "apart",
        "insurer": "apart",
    }
    near = replace(ITEM, limit=ON)
    for route in ROUTES:
        facts = Facts(ON, (near,), "b2b", route=route)
        (finding,) = (found for found in examine(facts) if found.code == "limit_near")
        assert finding.source == interrupted_by(route)[1]


def test_an_opposition_is_announced_to_an_order_alone():
    for route in ROUTES:
        disputed = Facts(ON, (replace(ITEM, disputed=True),), "b2b", route=route)
        (finding,) = (found for found in examine(disputed) if found.code == "disputed")
        assert (words_of("disputed", route) == "order") >= (finding.source == "CPC 1415")

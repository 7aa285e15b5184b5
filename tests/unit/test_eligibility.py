"""Every point examined on a claim, allowed and warned; every route, with its reasons."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.claim import Facts, Item, Notice, RouteFacts
from core.eligibility import examine
from core.route import ROUTES, advise

ON = date(2026, 11, 21)
NOTICE = Notice(date(2026, 10, 1), date(2026, 10, 20), True)
ITEM = Item(1, date(2026, 7, 31), Decimal(8000), date(2031, 7, 31), notice=NOTICE)
GOOD = Facts(ON, (ITEM,), "b2b")


def levels(facts):
    return {finding.code: finding.level for finding in examine(facts)}


def found(code, **changes):
    """Examine the good claim with these changes; item fields are told by their names."""
    of_item = {name: changes.pop(name) for name in list(changes) if hasattr(ITEM, name)}
    facts = replace(GOOD, items=(replace(ITEM, **of_item),), **changes)
    return next(finding for finding in examine(facts) if finding.code == code)


def test_a_good_claim_has_nothing_against_it():
    assert set(levels(GOOD).values()) == {"ok"}
    assert list(levels(GOOD)) == [
        "certain",
        "liquid",
        "due",
        "undisputed",
        "solvent",
        "in_time",
        "notice",
        "professional",
        "in_france",
    ]


@pytest.mark.parametrize(
    ("code", "level", "changes"),
    [
        ("no_contract", "warning", {"contract": False}),
        ("no_delivery", "warning", {"delivery": False}),
        ("settled", "forbidden", {"left": Decimal(0)}),
        ("unposted", "forbidden", {"posted": False}),
        ("unposted", "forbidden", {"posted": False, "left": Decimal(0)}),
        ("other_customer", "forbidden", {"elsewhere": True, "left": Decimal(0)}),
        ("credits", "warning", {"credits": Decimal("0.01")}),
        ("set_off", "warning", {"owed": Decimal("0.01")}),
        ("currency", "warning", {"in_euros": False}),
        ("currency", "forbidden", {"in_euros": False, "route": "order_commercial"}),
        ("currency", "warning", {"in_euros": False, "route": "summons"}),
        ("not_due", "forbidden", {"due": ON}),
        ("not_due", "forbidden", {"due": None}),
        ("disputed", "warning", {"disputed": True}),
        ("insolvent", "forbidden", {"frozen": True}),
        ("time_barred", "warning", {"limit": date(2026, 11, 20)}),
        ("limit_near", "warning", {"limit": ON}),
        ("limit_near", "warning", {"limit": date(2027, 5, 23)}),
        ("in_time", "ok", {"limit": date(2027, 5, 24)}),
        ("in_time", "ok", {"limit": None}),
        ("no_notice", "warning", {"notice": None}),
        ("notice_running", "warning", {"notice": replace(NOTICE, deadline=ON)}),
        ("notice_unproven", "warning", {"notice": replace(NOTICE, received=False)}),
        ("notice_old", "warning", {"notice": replace(NOTICE, sent_on=date(2026, 8, 20))}),
        ("notice", "ok", {"notice": replace(NOTICE, sent_on=date(2026, 8, 21), deadline=None)}),
        ("consumer", "warning", {"regime": "b2c"}),
        ("public", "forbidden", {"regime": "b2g"}),
        ("public", "forbidden", {"regime": "b2g", "route": "order_commercial"}),
        ("public", "forbidden", {"regime": "b2g", "route": "interim"}),
        ("public_route", "ok", {"regime": "b2g", "route": "administrative"}),
        ("regime_unknown", "warning", {"regime": None}),
        ("in_europe", "warning", {"place": "europe"}),
        ("in_denmark", "warning", {"place": "denmark"}),
        ("abroad", "warning", {"place": "abroad"}),
        ("lawyer", "warning", {"route": "summons", "left": Decimal("10000.01")}),
        ("lawyer", "warning", {"route": "interim", "left": Decimal(50000), "commercial": False}),
        ("lawyer_opposition", "warning", {"route": "order_judicial", "left": Decimal("10000.01")}),
        ("contribution", "warning", {"activities": True, "left": Decimal("50000.01")}),
        ("contribution", "warning", {"activities": True, "claimed": Decimal("50000.01")}),
        ("lawyer", "warning", {"route": "summons", "claimed": Decimal("10000.01")}),
        ("in_case", "forbidden", {"in_case": True}),
        ("mentions", "warning", {"missing": ("form",)}),
        ("conciliation", "warning", {"commercial": False, "left": Decimal(5000)}),
    ],
)
def test_a_point_against_the_claim(code, level, changes):
    assert found(code, **changes).level == level


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("lawyer", {"route": "summons", "left": Decimal(10000)}),
        ("lawyer", {"route": "order_commercial", "left": Decimal(20000)}),
        ("lawyer_opposition", {"route": "order_commercial", "left": Decimal(10000)}),
        ("lawyer_opposition", {"route": "declaration", "left": Decimal(20000)}),
        ("lawyer_opposition", {"left": Decimal(20000)}),
        ("contribution", {"activities": True, "left": Decimal(50000)}),
        ("contribution", {"left": Decimal(60000)}),
    ],
)
def test_a_threshold_is_not_reached(code, changes):
    with pytest.raises(StopIteration):
        found(code, **changes)


def test_each_court_has_its_article_on_lawyers():
    changes = {"route": "summons", "left": Decimal(20000)}
    assert found("lawyer", **changes).source == "CPC 853"
    assert found("lawyer", commercial=False, **changes).source.startswith("CPC 761")


def test_an_amount_above_5000_asks_for_no_conciliation():
    assert "conciliation" not in levels(replace(GOOD, commercial=False))


@pytest.mark.parametrize("route", ["order_judicial", "order_protection", "interim", "summons"])
def test_before_the_judicial_court_an_attempt_to_settle_is_asked_for(route):
    small = {"commercial": False, "left": Decimal(900)}
    assert found("conciliation", route=route, **small).source == "CPC 750-1"


@pytest.mark.parametrize(
    "changes",
    [
        {"regime": "b2g", "route": "administrative"},
        {"regime": "b2g"},
        {"route": "declaration"},
        {"route": "small_claim"},
        {"route": "european", "place": "europe"},
    ],
)
def test_what_goes_before_no_judicial_court_asks_for_no_attempt_to_settle(changes):
    with pytest.raises(StopIteration):
        found("conciliation", commercial=False, left=Decimal(900), **changes)


def test_a_finding_names_its_items():
    late = replace(ITEM, key=2, limit=date(2026, 1, 1))
    facts = replace(GOOD, items=(ITEM, late))
    (barred,) = (finding for finding in examine(facts) if finding.code == "time_barred")
    assert barred.keys == (2,)


def test_nothing_claimed_is_forbidden():
    assert levels(replace(GOOD, items=()))["nothing"] == "forbidden"


ROUTE = RouteFacts("b2b", True, Decimal(8000), "france")


def standings(**changes):
    return {advice.route: advice.standing for advice in advise(replace(ROUTE, **changes))}


def reasons(route, **changes):
    return next(a.reasons for a in advise(replace(ROUTE, **changes)) if a.route == route)


OFFERS = frozenset({"agency", "insurer"})


def test_every_route_has_a_reason():
    for facts in (
        ROUTE,
        replace(ROUTE, regime="b2g", offers=OFFERS),
        replace(ROUTE, uncontested=True, offers=OFFERS),
        replace(ROUTE, regime="b2c", total=Decimal(900), offers=OFFERS),
    ):
        assert all(advice.reasons for advice in advise(facts))


@pytest.mark.parametrize(
    ("route", "changes"),
    [
        ("order_commercial", {}),
        ("order_judicial", {"merchant": False}),
        ("order_judicial", {"regime": "b2c", "merchant": False}),
        ("order_judicial", {"regime": "b2c", "merchant": None}),
        ("summons", {"disputed": True}),
        ("summons", {"place": "abroad"}),
        ("european", {"place": "europe"}),
        ("european", {"place": "europe", "total": Decimal(900)}),
        ("summons", {"place": "denmark"}),
        ("administrative", {"regime": "b2g"}),
        ("administrative", {"regime": "b2g", "place": "europe"}),
        ("declaration", {"insolvent": True, "place": "denmark"}),
        ("declaration", {"insolvent": True, "regime": "b2g"}),
    ],
)
def test_each_situation_has_the_one_route_advised(route, changes):
    advised = [name for name, standing in standings(**changes).items() if standing == "advised"]
    assert advised == [route]


@pytest.mark.parametrize(
    ("route", "standing", "changes"),
    [
        ("order_commercial", "closed", {"regime": "b2c"}),
        ("order_commercial", "closed", {"merchant": False}),
        ("order_commercial", "possible", {"merchant": None}),
        ("order_commercial", "possible", {"disputed": True}),
        ("order_judicial", "closed", {}),
        ("order_judicial", "possible", {"merchant": None}),
        ("order_protection", "possible", {"regime": "b2c"}),
        ("order_protection", "closed", {}),
        ("small_claim", "closed", {"merchant": False, "total": Decimal("5000.01")}),
        ("small_claim", "closed", {"total": Decimal(5000)}),
        ("small_claim", "possible", {"merchant": False, "total": Decimal(5000)}),
        ("small_claim", "possible", {"regime": "b2c", "total": Decimal(100)}),
        ("interim", "possible", {}),
        ("interim", "possible", {"disputed": True}),
        ("summons", "possible", {}),
        ("european", "closed", {}),
        ("european_small", "closed", {}),
        ("european_small", "possible", {"place": "europe", "total": Decimal(5000)}),
        ("european_small", "closed", {"place": "europe", "total": Decimal("5000.01")}),
        (
            "european_small",
            "possible",
            {"place": "europe", "total": Decimal(5600), "principal": Decimal(5000)},
        ),
        ("european_small", "closed", {"place": "denmark", "total": Decimal(900)}),
        ("european", "closed", {"place": "denmark"}),
        ("order_commercial", "closed", {"place": "denmark"}),
        ("summons", "possible", {"place": "europe"}),
        ("administrative", "closed", {}),
        ("declaration", "closed", {}),
        ("uncontested", "possible", {"uncontested": True}),
        ("uncontested", "closed", {"uncontested": True, "disputed": True}),
        ("uncontested", "closed", {"uncontested": True, "merchant": False}),
        ("uncontested", "closed", {"uncontested": True, "regime": "b2c"}),
    ],
)
def test_the_standing_of_a_route(route, standing, changes):
    assert standings(**changes)[route] == standing


def test_the_new_procedure_is_not_listed_until_it_is_switched_on():
    assert "uncontested" not in standings()
    assert set(standings(uncontested=True, offers=OFFERS)) == set(ROUTES) - {"mediation"}


@pytest.mark.parametrize("route", sorted(OFFERS))
def test_a_way_in_other_hands_is_not_listed_until_it_is_switched_on(route):
    assert route not in standings()
    assert standings(offers=frozenset({route}))[route] == "possible"
    assert standings(offers=frozenset({route}), place="europe")[route] == "possible"


@pytest.mark.parametrize(
    ("route", "standing", "changes"),
    [
        ("agency", "closed", {"regime": "b2g"}),
        ("agency", "closed", {"insolvent": True}),
        ("agency", "possible", {"regime": "b2c", "merchant": False}),
        ("insurer", "possible", {"insolvent": True}),
        ("insurer", "closed", {"regime": "b2c", "merchant": False}),
    ],
)
def test_the_standing_of_a_way_in_other_hands(route, standing, changes):
    assert standings(offers=OFFERS, **changes)[route] == standing


@pytest.mark.parametrize(
    ("listed", "changes"),
    [
        (True, {"merchant": False, "total": Decimal(5000)}),
        (True, {"merchant": None, "total": Decimal(5000)}),
        (True, {"regime": "b2c", "total": Decimal(1)}),
        (False, {"merchant": False, "total": Decimal("5000.01")}),
        (False, {"total": Decimal(5000)}),  # before a commercial court
        (False, {"merchant": False, "total": Decimal(900), "insolvent": True}),
        (False, {"merchant": False, "total": Decimal(900), "place": "europe"}),
    ],
)
def test_a_prior_attempt_is_told_of_where_the_law_asks_for_it(listed, changes):
    assert ("mediation" in standings(**changes)) is listed


def test_against_a_consumer_the_costs_of_an_agency_stay():
    assert "costs_stay" in reasons("agency", regime="b2c", offers=OFFERS)
    assert "costs_stay" not in reasons("agency", offers=OFFERS)


def test_a_dispute_announces_an_opposition():
    assert reasons("order_commercial", disputed=True) == ("opposition_likely",)


@pytest.mark.parametrize("route", ["summons", "interim"])
@pytest.mark.parametrize("disputed", [False, True])
@pytest.mark.parametrize(("total", "needed"), [("10000", False), ("10000.01", True)])
def test_a_hearing_above_10000_asks_for_a_lawyer(route, disputed, total, needed):
    found = reasons(route, disputed=disputed, total=Decimal(total))
    assert ("lawyer" in found) is needed


def test_across_a_border_the_competent_court_is_told():
    assert "brussels" in reasons("summons", place="europe")
    assert reasons("summons", place="denmark")[:2] == ("in_denmark", "brussels")

"""The table of what each regime allows, cell by cell, with its article."""

import pytest

from core.citations import cite
from core.claims_allowed import Allowed, Right, allowed, may_state_penalties, plan_penalties
from core.indemnity import REGIMES

TABLE = {
    # penalties, indemnity, costs, waiver, acceleration
    "b2b": "always always justified always always",
    "b2g": "always always justified never always",
    "b2c": "formal_notice never never always reasonable_notice",
    None: "never never never never reasonable_notice",
}


@pytest.mark.parametrize("regime", TABLE)
def test_when_each_right_may_be_used(regime):
    assert " ".join(right.when for right in allowed(regime)) == TABLE[regime]


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("right", Allowed._fields)
def test_each_right_has_its_article(regime, right):
    source = getattr(allowed(regime), right).source
    assert source.startswith(("C. com. L", "C. civ. 1", "CCP L", "CPCE L", "C. conso. L"))


def test_a_regime_that_is_none_is_refused():
    with pytest.raises(ValueError, match="regime must be one of"):
        allowed("b2x")
    assert allowed(False) == allowed(None)


@pytest.mark.parametrize(
    ("regime", "kinds"),
    [
        ("b2b", ["courtesy", "reminder", "registered", "formal_notice"]),
        ("b2g", ["courtesy", "reminder", "registered", "formal_notice"]),
        ("b2c", ["formal_notice"]),
        (None, []),
    ],
)
def test_which_messages_speak_of_penalties(regime, kinds):
    every = ("courtesy", "reminder", "registered", "formal_notice")
    assert [kind for kind in every if may_state_penalties(regime, kind)] == kinds


@pytest.mark.parametrize(
    ("regime", "choices"),
    [
        ("b2b", ("running", "suspended")),
        ("b2g", ("running",)),
        ("b2c", ("none",)),
        (None, ("none",)),
    ],
)
def test_what_a_plan_may_say(regime, choices):
    assert plan_penalties(regime) == choices


@pytest.mark.parametrize(
    ("regime", "rights", "french", "english"),
    [
        (
            "b2b",
            ("penalties",),
            "article L. 441-10 II du code de commerce",
            "article L. 441-10 II of the French commercial code",
        ),
        (
            "b2b",
            ("penalties", "indemnity"),
            "articles L. 441-10 II et D. 441-5 du code de commerce",
            "articles L. 441-10 II and D. 441-5 of the French commercial code",
        ),
        (
            "b2g",
            ("penalties", "indemnity"),
            "articles L. 2192-13, R. 2192-31 et D. 2192-35 du code de la commande publique",
            "articles L. 2192-13, R. 2192-31 and D. 2192-35 of the French public procurement code",
        ),
        (
            "b2c",
            ("penalties", "indemnity"),
            "articles 1231-6 et 1344-1 du code civil",
            "articles 1231-6 and 1344-1 of the French civil code",
        ),
        ("b2c", ("indemnity",), "", ""),
        (None, ("penalties", "indemnity"), "", ""),
    ],
)
def test_how_the_articles_are_cited(regime, rights, french, english):
    cited = [getattr(allowed(regime), right) for right in rights]
    for in_french, text in ((True, french), (False, english)):
        assert cite(cited, french=in_french).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize("sources", [("C. conso. L212-1",), ("C. com. L441-10", "C. civ. 1103")])
def test_articles_without_one_name_are_not_cited(sources):
    with pytest.raises(ValueError, match="no name for the code"):
        cite([Right("always", source) for source in sources], french=True)


def test_what_the_law_calls_it():
    terms = {regime: allowed(regime).term for regime in TABLE}
    assert terms == {"b2b": "penalties", "b2g": "interest", "b2c": "interest", None: "interest"}

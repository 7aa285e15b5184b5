"""The table of what each regime allows, cell by cell, with its article."""

import pytest

from core.claims_allowed import Allowed, allowed, may_state_penalties, plan_penalties
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

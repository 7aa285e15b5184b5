"""An unpaid debt holds orders and deliveries back as far as its level says and the law lets it."""

from decimal import Decimal

import pytest

from core.brake import BRAKES, Debt, Decision, decide, may_go_on

from .samples import day

TODAY = day("2026-06-01")
LATE = day("2026-04-15")


def debt(brake="orders", amount="100", due=LATE, **values):
    return Debt(Decimal(amount), due, brake, **values)


def decided(*debts, regime="b2b"):
    return decide(debts, TODAY, regime=regime)


def sources(decision):
    return [reason.source for reason in decision.reasons]


@pytest.mark.parametrize("brake", BRAKES)
def test_the_level_says_how_far(brake):
    assert decided(debt(brake)).brake == brake


def test_the_strongest_of_several_debts_decides_and_all_that_is_late_is_told():
    decision = decided(
        debt("warn", "40.10", day("2026-05-20"), rank=1),
        debt("orders", "60", LATE, rank=2),
        debt("none", "7", day("2026-05-31"), rank=5),
        debt("deliveries", "1000", TODAY, rank=9),  # due today: not late
    )
    assert (decision.brake, decision.amount, decision.days) == ("orders", Decimal("107.10"), 47)
    assert decision.highest == 2


@pytest.mark.parametrize("nothing", [(), (debt("none"),), (debt(amount="0"),), (debt(due=TODAY),)])
def test_nothing_late_holds_nothing_back(nothing):
    assert decided(*nothing) == Decision()


def test_the_highest_deposit_is_asked_and_a_block_asks_none():
    low, high = debt("deposit", deposit=Decimal("20")), debt("deposit", deposit=Decimal("35"))
    assert decided(low, high).deposit == Decimal("35")
    assert decided(low, debt("orders")).deposit == 0


def test_each_regime_has_its_articles():
    assert sources(decided(debt("warn"))) == []
    assert sources(decided(debt("deposit"))) == ["C. civ. 1102", "C. com. L. 442-1 II"]
    assert sources(decided(debt("orders"), regime="b2c"))[1:] == ["C. consom. L. 121-11"]
    assert len(sources(decided(debt("orders"), regime=None))) == 3
    assert sources(decided(debt("deliveries")))[2:] == ["C. civ. 1219", "C. civ. 1220"]


@pytest.mark.parametrize("brake", BRAKES[1:])
def test_a_public_body_is_supplied_whatever_was_set(brake):
    decision = decided(debt(brake, deposit=Decimal("30")), regime="b2g")
    assert (decision.brake, decision.deposit) == ("warn", 0)
    assert [reason.code for reason in decision.reasons] == ["public"]


@pytest.mark.parametrize(
    ("brake", "expected"),
    [
        ("warn", ("warn", 0)),
        ("deposit", ("deposit", 100)),
        ("orders", ("deposit", 100)),
        ("deliveries", ("deposit", 100)),
    ],
)
def test_debts_before_a_judgment_stop_no_contract_under_way(brake, expected):
    decision = decided(debt(brake, insolvent=True, deposit=Decimal("30")))
    assert (decision.brake, decision.deposit) == expected
    assert sources(decision)[0] == "C. com. L. 622-13"
    assert may_go_on(decision, "delivery", total=Decimal("10"), paid=Decimal("0"))


def test_what_arose_after_the_judgment_holds_back_as_any_debt():
    assert decided(debt("deliveries"), debt("orders", insolvent=True)).brake == "deliveries"


@pytest.mark.parametrize(
    ("brake", "order", "delivery"),
    [
        ("none", True, True),
        ("warn", True, True),
        ("deposit", False, True),
        ("orders", False, True),
        ("deliveries", False, False),
    ],
)
def test_what_each_brake_holds_back_and_never_what_is_paid(brake, order, delivery):
    decision = Decision(brake=brake, deposit=Decimal("30"))
    unpaid = {"total": Decimal("100"), "paid": Decimal("29.99")}
    assert may_go_on(decision, "order", **unpaid) is order
    assert may_go_on(decision, "delivery", **unpaid) is delivery
    for step in ("order", "delivery"):
        assert may_go_on(decision, step, total=Decimal("100"), paid=Decimal("100"))
        assert may_go_on(decision, step, total=Decimal("0"), paid=Decimal("0"))


@pytest.mark.parametrize(
    ("total", "percent", "enough", "rounding"),
    [
        ("999.99", "33.3", "333.00", "0.01"),
        ("1000", "30", "300", "1"),
        ("0.05", "50", "0.03", "0.01"),
    ],
)
def test_a_deposit_is_enough_at_its_rounded_amount(total, percent, enough, rounding):
    decision = Decision(brake="deposit", deposit=Decimal(percent))
    step, amount = Decimal(rounding), Decimal(enough)
    values = {"total": Decimal(total), "rounding": step}
    assert may_go_on(decision, "order", paid=amount, **values)
    assert not may_go_on(decision, "order", paid=amount - step, **values)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="brake"):
        decided(debt("everything"))
    with pytest.raises(ValueError, match="deposit"):
        decided(debt("deposit", deposit=Decimal("101")))
    with pytest.raises(ValueError, match="amount"):
        decided(debt(amount="-1"))
    with pytest.raises(ValueError, match="step"):
        may_go_on(Decision(), "invoice", total=Decimal("1"), paid=Decimal("1"))


@pytest.mark.parametrize(
    ("regime", "insolvent", "brake", "others"),
    [
        ("b2b", False, "deliveries", 4),
        ("b2c", False, "deliveries", 4),
        ("b2g", False, "warn", 1),
        ("b2b", True, "deposit", 3),
    ],
)
def test_the_insurer_stops_deliveries_whatever_the_level_as_far_as_the_law_lets_him(
    regime, insolvent, brake, others
):
    decision = decided(debt("none", insured_stop=True, insolvent=insolvent), regime=regime)
    assert decision.brake == brake
    assert sources(decision)[0] == "Contrat d’assurance-crédit"
    assert len(sources(decision)) == 1 + others
    assert "Contrat d’assurance-crédit" not in sources(decided(debt("deliveries")))

"""Plans add up to the cent, and their instalments are judged in the order of their dates."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.instalments import Instalment, find, judge, missed_from, schedule
from core.reduced_plan import reduced

from .samples import day

START = day("2026-01-31")


def amounts(total, count, **values):
    return [str(part.amount) for part in schedule(Decimal(total), START, count, **values)]


def test_rounding_is_left_on_the_last_instalment():
    assert amounts("100.00", 3) == ["33.33", "33.33", "33.34"]
    assert amounts("100.01", 2) == ["50.00", "50.01"]


def test_a_first_payment_leaves_the_rest_in_equal_parts():
    assert amounts("1000.00", 4, first_amount=Decimal("400.00")) == [
        "400.00", "200.00", "200.00", "200.00",
    ]  # fmt: skip


def test_one_instalment_is_a_plan():
    assert amounts("10.00", 1) == ["10.00"]
    assert amounts("10.00", 1, first_amount=Decimal("10.00")) == ["10.00"]


def test_a_currency_without_cents_has_whole_instalments():
    parts = schedule(Decimal("1000"), START, 3, step=Decimal("1"))
    assert [part.amount for part in parts] == [333, 333, 334]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12, 36])
@pytest.mark.parametrize("total", ["0.36", "99.99", "1234.56", "100000.01"])
def test_the_instalments_always_add_up(total, count):
    parts = schedule(Decimal(total), START, count)
    assert sum(part.amount for part in parts) == Decimal(total)
    assert len(parts) == count
    assert parts[-1].amount >= parts[0].amount


def test_the_dates_keep_the_end_of_the_month_and_the_interval():
    assert [part.due for part in schedule(Decimal("9"), START, 3)] == [
        day("2026-01-31"), day("2026-02-28"), day("2026-03-31"),
    ]  # fmt: skip
    assert schedule(Decimal("9"), START, 2, months=3)[1].due == day("2026-04-30")


@pytest.mark.parametrize(
    ("total", "count", "values"),
    [
        ("100", 0, {}),
        ("100", 2, {"months": 0}),
        ("0.01", 2, {}),
        ("0", 1, {}),
        ("100", 2, {"first_amount": Decimal("100")}),
        ("100", 2, {"first_amount": Decimal("120")}),
        ("100", 1, {"first_amount": Decimal("40")}),
        ("100", 2, {"first_amount": Decimal("0")}),
        ("-1", 1, {}),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(total, count, values):
    with pytest.raises(ValueError, match=r"instalment|negative"):
        schedule(Decimal(total), START, count, **values)


PLAN = schedule(Decimal("90.00"), START, 3)


def states(received, today, **values):
    return [state for _received, state in judge(PLAN, Decimal(received), day(today), **values)]


def test_money_is_set_against_the_first_dates():
    assert judge(PLAN, Decimal("45"), day("2026-02-01"))[1].received == Decimal("15")
    assert states("45", "2026-02-01") == ["kept", "waiting", "waiting"]
    assert states("90", "2026-02-01") == ["kept"] * 3


def test_an_instalment_is_missed_the_day_after_the_tolerance():
    assert states("0", "2026-01-31") == ["waiting"] * 3
    assert states("0", "2026-02-01") == ["missed", "waiting", "waiting"]
    assert states("0", "2026-02-03", tolerance_days=3) == ["waiting"] * 3
    assert states("0", "2026-02-04", tolerance_days=3) == ["missed", "waiting", "waiting"]


def test_a_small_amount_may_be_missing_and_nothing_paid_is_missed():
    five = {"tolerance": Decimal("5")}
    assert states("25", "2026-02-01", **five) == ["kept", "waiting", "waiting"]
    assert states("24.99", "2026-02-01", **five)[0] == "missed"
    tiny = [Instalment(START, Decimal("4"))]
    judged = judge(tiny, Decimal("0"), START + timedelta(days=1), **five)
    assert judged[0].state == "missed"


def test_the_order_of_the_instalments_does_not_matter():
    mixed = [PLAN[2], PLAN[0], PLAN[1]]
    assert judge(mixed, Decimal("45"), START) == judge(PLAN, Decimal("45"), START)


@pytest.mark.parametrize("name", ["received", "tolerance"])
def test_a_negative_amount_is_refused(name):
    values = {"received": Decimal("1"), "tolerance": Decimal("1"), name: Decimal("-1")}
    with pytest.raises(ValueError, match=name):
        judge(PLAN, today=START, **values)


# -- What became of a plan -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "settled", "warned", "found"),
    [
        (["kept", "kept"], False, False, "kept"),
        (["kept", "kept"], False, True, "kept"),
        (["missed", "waiting"], True, True, "kept"),
        (["kept", "missed"], False, True, "missed"),
        (["kept", "waiting"], False, True, "caught_up"),
        (["kept", "waiting"], False, False, None),
        (["waiting"], False, False, None),
        ([], False, False, None),
    ],
)
def test_what_became_of_a_plan_follows_from_its_instalments(states, settled, warned, found):
    assert find(states, settled=settled, warned=warned) == found


def test_a_plan_of_which_nothing_is_owed_is_neither_kept_nor_missed():
    assert find(["missed"], settled=False, warned=True, void=True) == "void"
    assert find([], settled=True, warned=False, void=True) == "void"


# -- Less is owed than was agreed ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owed", "amounts"),
    [
        ("90.00", ["30.00", "30.00", "30.00"]),
        ("120", ["30.00", "30.00", "30.00"]),
        ("59.99", ["30.00", "29.99", "0.00"]),
        ("0", ["0", "0", "0"]),
    ],
)
def test_what_is_owed_no_more_shortens_the_plan_from_its_end(owed, amounts):
    cut = reduced([PLAN[2], PLAN[0], PLAN[1]], Decimal(owed))
    assert [amount for _due, amount in cut] == [Decimal(amount) for amount in amounts]
    assert [due for due, _amount in cut] == [due for due, _amount in PLAN]


def test_an_instalment_of_which_nothing_is_owed_is_kept():
    late = day("2026-12-31")
    judged = judge(reduced(PLAN, Decimal("40")), Decimal("40"), late)
    assert [state for _received, state in judged] == ["kept"] * 3
    judged = judge(reduced(PLAN, Decimal("40")), Decimal("30"), late)
    assert [state for _received, state in judged] == ["kept", "missed", "kept"]


def test_a_negative_debt_is_refused():
    with pytest.raises(ValueError, match="owed"):
        reduced(PLAN, Decimal("-1"))


@pytest.mark.parametrize("tolerance", [0, 1, 5])
def test_an_instalment_is_missed_from_the_day_after_its_tolerance(tolerance):
    plan = schedule(Decimal("30"), START, 1)
    from_day = missed_from(START, tolerance)
    states = [
        judge(plan, Decimal(0), on, tolerance_days=tolerance)[0].state
        for on in (from_day - timedelta(days=1), from_day)
    ]
    assert states == ["waiting", "missed"]

"""Money that waits covers what was open on its day, whatever the books set against it later."""

import random
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest

from core.credits import Credit, OpenItem, allocate
from core.credits_in_time import Paid, Waiting, allocate_in_time

from .samples import FIRST_DAY, cents, day


def item(key, due, residual, held="0.00"):
    return OpenItem(key, f"invoice {key}", day(due), Decimal(residual), Decimal(held))


def paid(key, on, amount):
    return Paid(key, day(on), Decimal(amount))


def waiting(on, amount, key=None):
    return Waiting(day(on), Decimal(amount), key and f"invoice {key}")


def course(items, payments, sums):
    placed, freed = allocate_in_time(items, payments, sums)
    return (
        [(one.key, str(one.on), str(one.amount)) for one in placed],
        [(one.key, one.paid, str(one.amount)) for one in freed],
    )


def test_it_covers_from_its_day_what_a_later_payment_leaves_open():
    assert course(
        [item(1, "2026-01-31", "700.00")], [paid(1, "2026-03-15", "300.00")],
        [waiting("2026-02-15", "200.00")],
    ) == ([(1, "2026-02-15", "200.00")], [])  # fmt: skip


def test_it_covers_what_was_open_and_a_later_payment_counts_for_the_rest():
    assert course(
        [item(1, "2026-01-31", "100.00")], [paid(1, "2026-03-15", "900.00")],
        [waiting("2026-02-15", "300.00")],
    ) == ([(1, "2026-02-15", "300.00")], [(1, 0, "200.00")])  # fmt: skip


def test_what_is_freed_covers_the_next_debt_from_that_day():
    assert course(
        [item(1, "2026-01-31", "0.00"), item(2, "2026-02-28", "500.00")],
        [paid(1, "2026-03-15", "1000.00")],
        [waiting("2026-02-15", "300.00")],
    ) == ([(1, "2026-02-15", "300.00"), (2, "2026-03-15", "300.00")], [(1, 0, "300.00")])


def test_what_was_settled_before_it_came_takes_nothing():
    assert course(
        [item(1, "2026-01-31", "0.00"), item(2, "2026-02-28", "500.00")],
        [paid(1, "2026-02-14", "1000.00")],
        [waiting("2026-02-15", "300.00")],
    ) == ([(2, "2026-02-15", "300.00")], [])


def test_it_covers_the_invoice_that_it_refers_to_before_the_oldest():
    items = [item(1, "2026-01-31", "100.00"), item(2, "2026-02-28", "100.00")]
    assert course(items, [], [waiting("2026-02-15", "150.00", 2)])[0] == [
        (2, "2026-02-15", "100.00"),
        (1, "2026-02-15", "50.00"),
    ]


def test_what_is_paid_and_received_on_one_day_frees_nothing():
    assert course(
        [item(1, "2026-01-31", "0.00")], [paid(1, "2026-02-15", "100.00")],
        [waiting("2026-02-15", "100.00")],
    ) == ([], [])  # fmt: skip


def test_a_part_on_hold_is_covered_on_no_day():
    items = [item(1, "2026-01-31", "100.00", held="60.00")]
    payments, sums = [paid(1, "2026-03-15", "50.00")], [waiting("2026-02-15", "500.00")]
    assert course(items, payments, sums) == ([(1, "2026-02-15", "90.00")], [(1, 0, "50.00")])


def test_what_is_paid_on_other_items_is_left_aside():
    assert course([], [paid(9, "2026-02-15", "100.00")], [waiting("2026-02-01", "1.00")]) == (
        [],
        [],
    )


@pytest.mark.parametrize(
    ("payments", "sums", "error"),
    [
        ([Paid(1, FIRST_DAY, Decimal(-1))], [], ValueError),
        ([], [Waiting(FIRST_DAY, Decimal(-1))], ValueError),
        ([], [Waiting(FIRST_DAY, 1.0)], TypeError),
        ([Paid(1, "2026-01-01", Decimal(1))], [], TypeError),
    ],
)
def test_what_is_no_amount_or_no_day_is_refused(payments, sums, error):
    with pytest.raises(error):
        allocate_in_time([], payments, sums)


def ledger(rng):
    """Return a random ledger: items, what was paid of them, and sums that wait."""
    items, payments = [], []
    for key in range(rng.randint(1, 6)):
        residual = cents(rng, 100) if rng.random() < 0.6 else Decimal("0.00")
        held = residual if rng.random() < 0.1 else Decimal("0.00")
        due = FIRST_DAY + timedelta(days=rng.randint(0, 60))
        items.append(OpenItem(key, rng.randint(0, 3), due, residual, held))
        payments += [
            Paid(key, FIRST_DAY + timedelta(days=rng.randint(0, 90)), cents(rng, 100))
            for _each in range(rng.randint(0, 3))
        ]
    sums = [
        Waiting(
            FIRST_DAY + timedelta(days=rng.randint(0, 90)),
            cents(rng, 200),
            rng.choice([None, None, 0, 1, 9]),
        )
        for _each in range(rng.randint(0, 5))
    ]
    return items, payments, sums


@pytest.mark.parametrize("seed", range(300))
def test_on_each_day_it_covers_what_the_rule_of_one_day_says(seed):
    rng = random.Random(seed)
    items, payments, sums = ledger(rng)
    placed, freed = allocate_in_time(items, payments, sums)
    for on in sorted({one.on for one in (*payments, *sums)}):
        covered = defaultdict(Decimal)
        for one in placed:
            covered[one.key] += one.amount if one.on <= on else 0
        for one in freed:
            covered[one.key] -= one.amount if payments[one.paid].on <= on else 0
        open_then = [
            each._replace(
                residual=each.residual
                + sum(one.amount for one in payments if one.key == each.key and one.on > on)
            )
            for each in items
        ]
        known = [Credit(one.amount, one.invoice) for one in sums if one.on <= on]
        assert allocate(open_then, known).covered == {
            each.key: covered[each.key] for each in items
        }, on


@pytest.mark.parametrize("seed", range(50))
def test_a_payment_frees_no_more_than_itself(seed):
    items, payments, sums = ledger(random.Random(seed))
    _placed, freed = allocate_in_time(items, payments, sums)
    taken = defaultdict(Decimal)
    for one in freed:
        assert payments[one.paid].key == one.key
        taken[one.paid] += one.amount
    assert all(amount <= payments[rank].amount for rank, amount in taken.items())

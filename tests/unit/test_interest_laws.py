"""What holds for any ledger, on thousands of seeded random ones."""

import itertools
import random
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from core.interest import Event, accrue
from core.rates import RateTable

from .samples import TABLE, random_ledgers, rows

DAY = timedelta(days=1)
IMPUTATIONS = ("principal", "interest")
SCHEDULES = {
    "b2b": TABLE.default_b2b(),
    "legal": TABLE.legal(),
    "floor": TABLE.legal_multiple(3),
    "contract": RateTable.fixed(Decimal("11.37")),
}


def run(ledger, imputation="principal", rates=SCHEDULES["b2b"], until=None):
    return accrue(
        ledger.principal,
        ledger.due,
        ledger.events,
        until or ledger.until,
        rates,
        imputation=imputation,
    )


def exact(segments):
    """Return the interest of segments before any rounding."""
    return sum(
        (Fraction(s.base) * Fraction(s.annual_rate) * s.days / 36500 for s in segments), Fraction(0)
    )


# An independent computation: day by day, in whole cents, sharing no code with the core.


def half_up(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)


def day_by_day(ledger, imputation, rates, cut_in_half_years):
    """Return (interest, interest left, principal left) in cents, walking one day at a time."""
    base = int(ledger.principal * 100)
    total = left = pending = 0
    happening = {}
    for event in ledger.events:
        happening.setdefault(event.on, []).append(event)
    day = min([ledger.due, *happening])
    while day <= ledger.until:
        if day > ledger.due:
            pending += base * rates[day.year, day.month > 6]
        closes = cut_in_half_years and (day.month, day.day) in ((6, 30), (12, 31))
        if day in happening or closes or day == ledger.until:
            interest = half_up(pending, 100 * 100 * 365)
            total, left, pending = total + interest, left + interest, 0
        for event in sorted(happening.get(day, []), key=lambda event: event.kind):
            amount = int(event.amount * 100)
            if event.kind == "payment" and imputation == "interest":
                settled = min(left, amount)
                left, amount = left - settled, amount - settled
            base = max(0, base - amount)
        day += DAY
    return total, left, base


def in_cents(statement):
    return tuple(
        int(100 * amount)
        for amount in (statement.interest, statement.interest_left, statement.principal_left)
    )


def published_rates(name, due):
    """Return the rate of each (year, second half) in hundredths of a point, from the file."""
    found = {}
    for row in rows("rates.csv"):
        year, late = int(row["semester"][:4]), row["semester"].endswith("S2")
        ecb = int(row["ecb_main_refinancing_rate"].replace(".", ""))
        legal = int(row["legal_rate_other"].replace(".", ""))
        found[year, late] = {
            "b2b": ecb + 1000,
            "b2g": ecb + 800,
            "legal": legal,
            "floor": 3 * legal,
            "contract": 1137,
        }[name]
    if name == "b2g":
        start = due + DAY
        return dict.fromkeys(found, found[start.year, start.month > 6])
    return found


def test_a_day_by_day_computation_finds_the_same_cents():
    names = itertools.cycle([*SCHEDULES, "b2g"])
    for ledger, name in zip(random_ledgers(seed=2, count=400, longest=300), names, strict=False):
        rates = SCHEDULES.get(name) or TABLE.default_b2g(ledger.due + DAY)
        published = published_rates(name, ledger.due)
        for imputation in IMPUTATIONS:
            expected = day_by_day(ledger, imputation, published, name in ("b2b", "legal", "floor"))
            assert in_cents(run(ledger, imputation, rates)) == expected, (name, ledger)


def test_the_order_of_the_events_does_not_matter():
    generator = random.Random(3)
    for ledger in random_ledgers(seed=4, count=600):
        shuffled = ledger._replace(events=generator.sample(ledger.events, len(ledger.events)))
        for imputation in IMPUTATIONS:
            assert run(shuffled, imputation) == run(ledger, imputation)


def test_interest_up_to_a_day_and_from_that_day_adds_up_before_rounding():
    generator = random.Random(5)
    for ledger in random_ledgers(seed=6, count=600):
        middle = ledger.due + timedelta(days=generator.randint(0, 300))
        first = run(ledger, until=min(middle, ledger.until))
        rest = accrue(
            first.principal_left,
            middle,
            [event for event in ledger.events if event.on > middle],
            ledger.until,
            SCHEDULES["b2b"],
        )
        whole = run(ledger)
        assert exact(first.segments) + exact(rest.segments) == exact(whole.segments)
        if middle <= ledger.until:
            assert rest.principal_left == whole.principal_left


def test_rounding_moves_a_segment_by_half_a_cent_at_most():
    for ledger in random_ledgers(seed=7, count=500):
        for segment in run(ledger).segments:
            assert abs(Fraction(segment.interest) - exact([segment])) <= Fraction(1, 200)


def test_nothing_is_ever_negative_or_more_than_it_was():
    for ledger in random_ledgers(seed=8, count=600):
        for imputation in IMPUTATIONS:
            statement = run(ledger, imputation)
            assert 0 <= statement.interest_left <= statement.interest
            assert 0 <= statement.principal_left <= ledger.principal
            assert all(segment.base > 0 <= segment.interest for segment in statement.segments)


def test_segments_have_no_gap_and_no_overlap():
    for ledger in random_ledgers(seed=9, count=600):
        statement = run(ledger)
        expected = ledger.due + DAY
        for segment in statement.segments:
            assert segment.start == expected <= segment.end <= ledger.until
            assert segment.days == (segment.end - segment.start).days + 1
            expected = segment.end + DAY
        assert statement.principal_left == 0 or expected > ledger.until


def test_the_interest_is_the_sum_of_the_rounded_segments():
    for ledger in random_ledgers(seed=10, count=500):
        statement = run(ledger, "interest")
        assert statement.interest == sum(segment.interest for segment in statement.segments)


def test_interest_never_shrinks_as_time_passes():
    generator = random.Random(11)
    for ledger in random_ledgers(seed=12, count=500):
        earlier = ledger.until - timedelta(days=generator.randint(0, 200))
        for imputation in IMPUTATIONS:
            before, after = run(ledger, imputation, until=earlier), run(ledger, imputation)
            assert exact(before.segments) <= exact(after.segments)
            assert before.interest <= after.interest
            assert before.principal_left >= after.principal_left


def test_a_payment_of_everything_on_the_due_date_owes_nothing():
    for ledger in random_ledgers(seed=13, count=500):
        paid = ledger._replace(events=[Event(ledger.due, ledger.principal, "payment")])
        assert run(paid).segments == ()
        assert run(paid).interest == 0


def test_settling_interest_first_leaves_at_least_as_much_principal():
    for ledger in random_ledgers(seed=14, count=500):
        books, civil = run(ledger), run(ledger, "interest")
        assert civil.principal_left >= books.principal_left
        assert civil.interest >= books.interest

"""The range of a sum of amounts, each of which is paid or not: P20, P50, P80.

House rule, no article: amounts are paid independently of each other. The largest are added up case
by case, since one large invoice is paid or not; the sum of the many small ones is treated as
normally distributed.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from .checks import check_decimal
from .money import CENT, ZERO, round_to_step

LEVELS = (Decimal("0.2"), Decimal("0.5"), Decimal("0.8"))
ALONE = 40  # the largest amounts count one by one, the many others together
POINTS = 160  # points of the distribution of the largest amounts: closer sums are merged
# The midpoints of 25 equal slices of a normal distribution above its mean; symmetric below it.
SLICES = tuple(
    Decimal(text)
    for text in (
        "0",
        *("0.1004", "0.2019", "0.3055", "0.4125", "0.5244", "0.6433"),
        *("0.7722", "0.9154", "1.0803", "1.2816", "1.5548", "2.0537"),
    )
)
NORMAL = (*(-each for each in reversed(SLICES[1:])), *SLICES)
HAIR = Decimal("1e-12")  # tolerance for what divisions lose


class Chance(NamedTuple):
    """An amount paid with a probability.

    ``squares``: the square of the amount; for many small amounts together, the sum of their
    squares.
    """

    amount: Decimal
    probability: Decimal
    squares: Decimal


class Range(NamedTuple):
    """What is not exceeded in 20, 50 and 80 percent of the cases."""

    low: Decimal
    median: Decimal
    high: Decimal


def range_of(chances: Iterable[Chance], step: Decimal = CENT) -> Range:
    """Return the quantiles of the sum of the amounts that are paid.

    :param step: smallest amount of the currency, to which each is rounded

    >>> range_of([Chance(Decimal(100), Decimal("0.3"), Decimal(10000))])
    Range(low=Decimal('0.00'), median=Decimal('0.00'), high=Decimal('100.00'))
    """
    likely = sorted(each for each in chances if each.probability > 0 and each.amount > 0)
    for each in likely:
        check_decimal("amount", each.amount)
    single = [each for each in likely if each.squares == each.amount**2]
    alone, small = single[-ALONE:], single[:-ALONE]
    together = small + [each for each in likely if each.squares != each.amount**2]
    sums = _spread(_sums(alone), together)
    most = sum((each.amount for each in likely), ZERO)
    found = (min(max(_quantile(sums, at), ZERO), most) for at in LEVELS)
    return Range(*(round_to_step(each, step) for each in found))


def expected(chances: Iterable[Chance], step: Decimal = CENT) -> Decimal:
    """Return the mean of the sum, to the smallest amount of the currency.

    >>> expected([Chance(Decimal(100), Decimal("0.3"), Decimal(10000))])
    Decimal('30.00')
    """
    return round_to_step(sum((each.amount * each.probability for each in chances), ZERO), step)


def _sums(chances: Iterable[Chance]) -> dict[Decimal, Decimal]:
    """Return the probability of each sum of a few amounts."""
    sums = {ZERO: Decimal(1)}
    for amount, probability, _squares in chances:
        added: dict[Decimal, Decimal] = {}
        for value, likelihood in sums.items():
            for total, part in ((value, 1 - probability), (value + amount, probability)):
                added[total] = added.get(total, Decimal(0)) + likelihood * part
        sums = _thin(added) if len(added) > POINTS else added
    return sums


def _thin(sums: dict[Decimal, Decimal]) -> dict[Decimal, Decimal]:
    """Return fewer sums, each the mean of its neighbours, so that the overall mean is unchanged."""
    step = max(sums) / (POINTS // 2)
    groups: dict[int, list[Decimal]] = {}
    for value, likelihood in sums.items():
        group = groups.setdefault(int(value / step), [Decimal(0), Decimal(0)])
        group[0] += value * likelihood
        group[1] += likelihood
    return {weighted / part: part for weighted, part in groups.values() if part > 0}


def _spread(sums: dict[Decimal, Decimal], together: list[Chance]) -> list[tuple[Decimal, Decimal]]:
    """Return the sums including those of the small amounts, with their probabilities."""
    if not together:
        return sorted(sums.items())
    mean = sum((each.amount * each.probability for each in together), ZERO)
    variance = sum(
        (each.squares * each.probability * (1 - each.probability) for each in together), ZERO
    )
    deviation = max(variance, ZERO).sqrt()
    return sorted(
        (value + mean + place * deviation, likelihood / len(NORMAL))
        for value, likelihood in sums.items()
        for place in NORMAL
    )


def _quantile(sums: list[tuple[Decimal, Decimal]], level: Decimal) -> Decimal:
    """Return the smallest sum that is not exceeded in ``level`` of the cases."""
    reached = HAIR
    for value, likelihood in sums:
        reached += likelihood
        if reached >= level:
            return value
    return sums[-1][0]

"""The outcomes of the creditor's own closed court files, by route: how long, how many were paid.

House rule, no article: a withdrawn file says nothing about the route and is counted separately;
days are medians, so that one long file does not distort the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil
from statistics import median
from typing import NamedTuple

PAID, WITHDRAWN = "paid", "withdrawn"


class ClosedFile(NamedTuple):
    """One closed file: its route, when it left, got its title and was closed, and how it ended."""

    route: str
    left_on: date
    titled_on: date | None
    closed_on: date
    result: str


class Outcome(NamedTuple):
    """The outcomes of the files of a route.

    :param closed: how many were closed, without those withdrawn (`withdrawn`)
    :param paid: how many of them were paid in full
    :param titled: how many got a title, in `days_to_title` days (median; None without any)
    :param days: median days from leaving to closing, None without any
    """

    closed: int
    withdrawn: int
    paid: int
    titled: int
    days_to_title: int | None
    days: int | None


def outcomes(files: Iterable[ClosedFile]) -> dict[str, Outcome]:
    """Return the outcomes of closed files, by route.

    >>> found = outcomes([ClosedFile("summons", date(2026, 1, 1), None, date(2026, 3, 1), "paid")])
    >>> found["summons"].days, found["summons"].paid
    (59, 1)
    """
    by_route: dict[str, list[ClosedFile]] = {}
    for file in files:
        by_route.setdefault(file.route, []).append(file)
    return {route: _outcome(group) for route, group in by_route.items()}


def _outcome(files: Sequence[ClosedFile]) -> Outcome:
    counted = [file for file in files if file.result != WITHDRAWN]
    titles = [(file.titled_on - file.left_on).days for file in counted if file.titled_on]
    return Outcome(
        closed=len(counted),
        withdrawn=len(files) - len(counted),
        paid=sum(file.result == PAID for file in counted),
        titled=len(titles),
        days_to_title=_median(titles),
        days=_median([(file.closed_on - file.left_on).days for file in counted]),
    )


def _median(days: Sequence[int]) -> int | None:
    """Return the median; of two middle values their mean, rounded up."""
    return ceil(median(days)) if days else None

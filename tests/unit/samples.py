"""What the unit tests share: short dates and amounts, the known rates, random ledgers."""

import csv
import random
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.interest import Event
from core.rates import HalfYearRate, RateTable

DATA = Path(__file__).parent / "data"
FIRST_DAY = date(2021, 1, 1)


def day(text):
    return date.fromisoformat(text)


@cache
def rows(name):
    """Return the rows of a data file; read only."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_rates():
    """Return the half-years of rates.csv."""
    return [
        HalfYearRate(
            day(row["date_from"]),
            Decimal(row["ecb_main_refinancing_rate"]),
            Decimal(row["legal_rate_individuals"]),
            Decimal(row["legal_rate_other"]),
        )
        for row in rows("rates.csv")
    ]


TABLE = RateTable(read_rates())


class Ledger(NamedTuple):
    principal: Decimal
    due: date
    events: list
    until: date


def cents(generator, most):
    return Decimal(generator.randint(1, most)) / 100


def random_ledger(generator, longest=500):
    """Draw a debt between 2021 and 2026; events fall before, inside and after its late days."""
    due = FIRST_DAY + timedelta(days=generator.randint(0, 1500))
    principal = cents(generator, 2_000_000)
    events = [
        Event(
            due + timedelta(days=generator.randint(-20, longest + 20)),
            cents(generator, int(principal * 70)),
            generator.choice(["payment", "payment", "credit_note"]),
        )
        for _ in range(generator.randint(0, 5))
    ]
    return Ledger(principal, due, events, due + timedelta(days=generator.randint(-3, longest)))


def random_ledgers(seed, count, longest=500):
    generator = random.Random(seed)
    for _ in range(count):
        yield random_ledger(generator, longest)

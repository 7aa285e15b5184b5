"""Measure the interest of 100,000 due items of four segments each, on one core.

Run from anywhere: `python benchmarks/bench_core.py [items]`.
"""

import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "account_dunning_fr"))

from core.interest import Event, accrue
from core.rates import HalfYearRate, RateTable

LIMIT_SECONDS = 5
HALF_YEARS = [date(year, month, 1) for year in range(2021, 2027) for month in (1, 7)]
TABLE = RateTable(
    HalfYearRate(start, Decimal("2.15"), Decimal("6.67"), Decimal("2.62")) for start in HALF_YEARS
)


def make_items(count):
    """Return (principal, due, events): due in spring 2025, partly paid in autumn."""
    return [
        (
            Decimal(100_000 + number % 900_000) / 100,
            date(2025, 4, 1) + timedelta(days=number % 60),
            [Event(date(2025, 9, 1) + timedelta(days=number % 90), Decimal("250.00"), "payment")],
        )
        for number in range(count)
    ]


def measure(items):
    """Return the time taken, in seconds, and the number of segments created."""
    until = date(2026, 4, 30)
    started = time.perf_counter()
    segments = sum(
        len(accrue(principal, due, events, until, TABLE.default_b2b()).segments)
        for principal, due, events in items
    )
    return time.perf_counter() - started, segments


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seconds, segments = measure(make_items(count))
    print(f"{count} items, {segments} segments: {seconds:.2f} s (limit {LIMIT_SECONDS} s)")
    return seconds > LIMIT_SECONDS


if __name__ == "__main__":
    sys.exit(main())

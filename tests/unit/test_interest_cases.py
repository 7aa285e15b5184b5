"""Worked cases that an accountant can review: one row of penalty_cases.csv, one test."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.indemnity import Instalment, flat_indemnities
from core.interest import Event, accrue

from .samples import TABLE, day, rows

CASES = {row["case"]: row for row in rows("penalty_cases.csv")}


def events_of(row):
    words = [text.split() for text in row["events"].split("|") if text]
    return [Event(day(on), Decimal(amount), kind) for on, kind, amount in words]


def schedule_of(row):
    if row["regime"] == "b2c":
        return TABLE.legal()
    if row["regime"] == "b2g":
        return TABLE.default_b2g(day(row["due"]) + timedelta(days=1))
    return TABLE.fixed(Decimal(row["rate"])) if row["rate"] != "default" else TABLE.default_b2b()


def statement_of(row):
    return accrue(
        Decimal(row["principal"]),
        day(row["due"]),
        events_of(row),
        day(row["until"]),
        schedule_of(row),
        imputation=row["imputation"],
        first_day=day(row["first_day"]) if row["first_day"] else None,
    )


def printed(segment):
    base = segment.base.to_integral() if segment.base == segment.base // 1 else segment.base
    return f"{segment.days}d@{segment.annual_rate} on {base}={segment.interest}"


@pytest.mark.parametrize("row", CASES.values(), ids=CASES)
def test_the_statement_of_a_case_is_the_published_one(row):
    statement = statement_of(row)
    assert "|".join(map(printed, statement.segments)) == row["segments"]
    assert statement.interest == Decimal(row["interest"])
    assert statement.interest_left == Decimal(row["interest_left"])
    assert statement.principal_left == Decimal(row["principal_left"])


@pytest.mark.parametrize("row", CASES.values(), ids=CASES)
def test_the_indemnity_of_a_case_is_the_published_one(row):
    invoice = row["case"].rstrip("ab")
    instalments = [
        Instalment(case, invoice, day(other["due"]))
        for case, other in CASES.items()
        if case.rstrip("ab") == invoice
    ]
    regime = row["regime"] if row["regime"] in ("b2g", "b2c") else "b2b"
    due = flat_indemnities(instalments, day(row["until"]), regime)
    assert due.get(row["case"], 0) == Decimal(row["indemnity"])


def test_the_clause_of_case_e7_is_under_the_floor():
    row = CASES["E7"]
    assert Decimal(row["rate"]) < TABLE.legal_floor(day(row["until"])) == Decimal("8.25")

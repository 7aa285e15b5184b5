"""Whatever is typed, pasted or imported ends in a right result or in a refusal that is foreseen.

A seeded loop: ``./sandbox fuzz --cases 20000`` runs more of it than every test run does.
"""

import os
import random
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.communes import read_communes
from core.credits import Credit, OpenItem, allocate
from core.departments import commune_department, department, pad
from core.einvoice import treatment
from core.filenames import numbered_name, safe_name
from core.half_years import RateMissing
from core.instalments import judge, schedule
from core.interest import Event, accrue
from core.promises import last_day
from core.rates import HalfYearRate, RateTable
from core.registered import normalize_number, parse_entries
from core.registry_towns import find_court, index_by_town, normalise
from core.working_days import next_working_day

from .samples import TABLE

CASES = int(os.environ.get("FUZZ_CASES", "2000"))
SEED = int(os.environ.get("FUZZ_SEED", "20261125"))
FORESEEN = (ValueError, TypeError, RateMissing)
SLOW = 2.0  # seconds of processor time for one case: a hang
HOSTILE = (
    *(
        "",
        " ",
        "\x00",
        "\ufeff",
        '"',
        '""',
        "'",
        "\\",
        ";",
        ",",
        "\t",
        "\n",
        "\r\n",
        "\x1c",
        "\u2028",
    ),
    *("é", "ß", "İ", "١٢٣", "１２", "²", "½", "🥖", "\u202e", "e\u0301", "A" * 200_000, "9" * 400),
    *("=1+1", "<script>", "../../x", "${7*7}", "{{7*7}}", "NaN", "inf", "-0", "1e999", "None"),
    *("2026-02-30", "31/11/2026", "00/00/0000", "9999-12-31", "1-1-1", "2026-13-01", "20/11/26"),
)
WORDS = ("REL/2026/00001", "1A 195 123 4567 8", "RK 123 456 785 FR", "20/11/2026", "2026-11-20")
HEADER = "Commune;Code commune;Code postal;Greffe;Type greffe"
COMMUNES = ("L'Abergement", "01001", "1400", "BOURG EN BRESSE", "TC", "2A004", "97411", "PARIS")
AMOUNTS = ("0", "0.01", "-0.01", "1e30", "1e-30", "NaN", "Infinity", "-Infinity", "123456789.99")
DATES = (date.min, date.max, date(1582, 10, 15), date(4100, 1, 1), date(2024, 2, 29))


def text(chance, words):
    """Return a text of plausible and hostile pieces, sometimes cut or doubled."""
    pieces = [
        chance.choice(HOSTILE) if chance.random() < 0.3 else chance.choice(words)
        for _number in range(chance.randint(0, 12))
    ]
    joined = chance.choice((";", ",", "\t", " ", "\n", "")).join(pieces)
    if joined and chance.random() < 0.2:
        cut = chance.randrange(len(joined))
        joined = joined[:cut] + joined[cut + 1 :]
    return joined


def lines(chance, words, header=""):
    rows = [header] if header and chance.random() < 0.8 else []
    rows += [text(chance, words) for _number in range(chance.randint(0, 6))]
    return chance.choice(("\n", "\r\n", "\r")).join(rows)


def amount(chance):
    if chance.random() < 0.3:
        return Decimal(chance.choice(AMOUNTS))
    return Decimal(chance.randint(-(10**7), 10**9)) / 100


def day(chance):
    if chance.random() < 0.2:
        return chance.choice(DATES)
    return date(2026, 1, 1) + timedelta(days=chance.randint(-4000, 4000))


# -- What is fed, and what must hold of a result ---------------------------------------------------


def numbers_of_letters(chance):
    given = lines(chance, WORDS)
    entries, bad = parse_entries(given)
    assert len(entries) + len(bad) <= len(given.splitlines())
    assert all(normalize_number(entry.number) == entry.number for entry in entries)
    assert {line.reason for line in bad} <= {"columns", "number", "check_digit", "date", "repeated"}


def one_number(chance):
    assert normalize_number(text(chance, WORDS)).isalnum()


def communes(chance):
    reading = read_communes(lines(chance, COMMUNES, HEADER))
    assert all(commune_department(row.code) and row.name and row.registry for row in reading.rows)


def courts(chance):
    given = text(chance, COMMUNES)
    index = index_by_town([(1, "Tribunal de commerce de Paris", "Paris"), (2, given, given)])
    assert find_court(text(chance, COMMUNES), index) in (None, 1, 2)
    assert department(given) == "" or len(department(given)) in (2, 3)
    assert normalise(normalise(given)) == normalise(given)
    assert pad(pad(given)) == pad(given)


def statuses(chance):
    known = treatment(chance.choice((*HOSTILE, "200", "207", "213")))
    assert known is None or isinstance(known, str)


def file_names(chance):
    given = text(chance, COMMUNES)
    for name in (safe_name(given, "pdf"), numbered_name(chance.randint(1, 150), given, "pdf")):
        assert name.endswith(".pdf")
        assert len(name.encode()) <= 255
        assert not set(name) & set('/\\<>:"|?*\x00\n\r')
        assert name.strip(". ")
        assert not name.startswith("..")


def half_year(chance):
    return day(chance) if chance.random() < 0.1 else date(2026, chance.choice((1, 7)), 1)


def percent(chance):
    return amount(chance) if chance.random() < 0.1 else Decimal(chance.randint(0, 1500)) / 100


def rates(chance):
    table = RateTable(
        [
            HalfYearRate(half_year(chance), *(percent(chance) for _column in range(3)))
            for _number in range(chance.randint(0, 3))
        ]
    )
    assert table.default_b2b().at(half_year(chance)).is_finite()


def interest(chance):
    principal, due, until = abs(amount(chance)), day(chance), day(chance)
    events = [
        Event(day(chance), abs(amount(chance)), chance.choice(("payment", "credit_note")))
        for _number in range(chance.randint(0, 3))
    ]
    schedule_ = chance.choice((TABLE.default_b2b(), RateTable.fixed(Decimal("10"))))
    statement = accrue(principal, due, events, until, schedule_)
    assert statement.interest >= 0
    assert 0 <= statement.principal_left <= principal


def plans(chance):
    total = amount(chance)
    first = amount(chance) if chance.random() < 0.3 else None
    made = schedule(
        total, day(chance), chance.randint(-2, 40), first_amount=first, months=chance.randint(0, 13)
    )
    assert sum(part.amount for part in made) == total
    assert len(judge(made, abs(amount(chance)), day(chance))) == len(made)


def promises(chance):
    promised = day(chance)
    assert last_day(promised, chance.randint(0, 60)) >= promised
    assert next_working_day(promised) >= promised


def credits(chance):
    items = [
        OpenItem(number, f"INV{number}", day(chance), abs(amount(chance)))
        for number in range(chance.randint(0, 4))
    ]
    given = [Credit(amount(chance), None) for _number in range(chance.randint(0, 3))]
    allocate(items, given)


TARGETS = (
    numbers_of_letters,
    one_number,
    communes,
    courts,
    statuses,
    file_names,
    rates,
    interest,
    plans,
    promises,
    credits,
)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.__name__)
def test_every_input_ends_in_a_result_or_a_foreseen_refusal(target):
    count = max(CASES // len(TARGETS), 1)
    answered = 0
    for number in range(count):
        chance = random.Random(f"{SEED}-{target.__name__}-{number}")
        started = time.process_time()
        try:
            target(chance)
            answered += 1
        except AssertionError as error:
            raise AssertionError(f"case {number} of {target.__name__}, seed {SEED}") from error
        except FORESEEN:
            pass  # refused, as the core says it does
        except Exception as error:
            raise AssertionError(f"case {number} of {target.__name__}, seed {SEED}") from error
        assert time.process_time() - started < SLOW, f"case {number} of {target.__name__}"
    assert answered, f"{target.__name__} refused everything: it tests nothing"

"""A moment is kept in UTC: which day it is, is asked of the creditor (``_get_dunning_day``)."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The moments of Odoo that we read, beside those that we declare.
ODOOS = ("create_date", "write_date", "date_order", "date_done", "signed_on", "last_state_change")
DECLARED = re.compile(r"^    (\w+) = fields\.Datetime\(", re.MULTILINE)


def get_sources():
    return {
        path.relative_to(ROOT): path.read_text("utf-8")
        for path in ROOT.glob("account_dunning_fr*/**/*")
        if path.suffix in (".py", ".xml") and not {"demo", "core"} & set(path.parts)
    }


def find_days_of_utc(source, moments):
    """Return the lines that take the day of a moment as it is in UTC, by number."""
    names = "|".join(sorted(moments))
    wrong = re.compile(
        rf"\b({names})\)?::date\b"  # in SQL, without a time zone
        rf"|\.({names}|date)\.date\(\)"
        rf"|\bto_date\([^()]*\b({names})\b"
    )
    return [number for number, line in enumerate(source.splitlines(), 1) if wrong.search(line)]


def test_the_rule_can_fail():
    for line in (
        "SELECT create_date::date FROM x",
        "COALESCE(tx.last_state_change, tx.create_date)::date",
        "on = message.date.date()",
        "on = fields.Date.to_date(order.signed_on or order.date_order)",
    ):
        assert find_days_of_utc(line, ODOOS) == [1], line
    for line in (
        "(create_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date",
        "on = company._get_dunning_day(message.date)",
        "fields.Date.to_date(value)",
    ):
        assert not find_days_of_utc(line, ODOOS), line


def test_no_day_of_a_moment_is_that_of_utc():
    sources = get_sources()
    moments = {name for source in sources.values() for name in DECLARED.findall(source)}
    assert "sent_on" in moments
    found = [
        f"{path}:{line}"
        for path, source in sources.items()
        for line in find_days_of_utc(source, moments.union(ODOOS))
    ]
    assert found == []

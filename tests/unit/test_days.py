"""A moment is kept in UTC: which day it is, is asked of the creditor (``_get_dunning_day``)."""

import ast
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


def find_days_of_jobs(source):
    """Return the names of the scheduled actions that take the day of the job's user.

    They ask ``_get_dunning_today`` of each creditor, and work with ``_in_dunning_day``.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        is_scheduled = isinstance(node, ast.FunctionDef) and (
            node.name.startswith("_cron_")
            or any(ast.unparse(each).startswith("recorded(") for each in node.decorator_list)
        )
        if is_scheduled and "today(" in ast.unparse(node):
            asked = set(re.findall(r"\b(\w*today)\(", ast.unparse(node)))
            if asked - {"_get_dunning_today", "_get_dunning_french_today"}:
                found.append(node.name)
    return found


def test_the_rule_of_jobs_can_fail():
    wrong = "def _cron_x(self):\n    self._go(fields.Date.context_today(self))"
    right = "def _cron_x(self):\n    self._go(creditor._get_dunning_today())"
    elsewhere = "def action_x(self):\n    self._go(fields.Date.context_today(self))"
    assert [find_days_of_jobs(each) for each in (wrong, right, elsewhere)] == [["_cron_x"], [], []]


def test_no_scheduled_action_takes_the_day_of_its_user():
    found = [
        f"{path.name}:{name}"
        for path, source in get_sources().items()
        if path.suffix == ".py"
        for name in find_days_of_jobs(source)
    ]
    # The date of the server, a day more: what may be over somewhere, each judged by its own day.
    assert found == ["account_dunning_expiry.py:_cron_expire"]

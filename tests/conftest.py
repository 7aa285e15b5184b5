"""What holds for every test: a skip states its reason, and the slowest are told.

A test that does not run says what is not installed here; without that reason the run fails. The
tests freeze their dates, and pytest's own durations with them, so the time is taken elsewhere.
"""

import re
import time
from collections import Counter
from pathlib import Path

import pytest

SPENT = pytest.StashKey[Counter]()

STATED = re.compile(r"\b(?:is|are) not installed\b")


def pytest_addoption(parser):
    parser.addoption("--slowest", type=int, default=10, help="how many of the slowest are told")
    parser.addoption("--ready", action="store_true", help="the database is this run's to prepare")
    parser.addoption("--begun", type=Path, help="where runs side by side note the files they take")


def pytest_configure(config):
    config.stash[SPENT] = Counter()
    if config.getoption("ready"):
        from . import on_odoo

        config.pluginmanager.register(on_odoo)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Take the time of a test, its class's preparation included, from a clock nobody freezes."""
    start = time.clock_gettime(time.CLOCK_MONOTONIC)
    try:
        return (yield)
    finally:
        item.config.stash[SPENT][item.nodeid] += time.clock_gettime(time.CLOCK_MONOTONIC) - start


def pytest_terminal_summary(terminalreporter, config):
    count = config.getoption("slowest")
    spent = config.stash[SPENT]
    if not count or not spent:
        return
    files = Counter()
    for test, seconds in spent.items():
        files[test.partition("::")[0]] += seconds
    for title, told in (("Slowest tests", spent), ("Slowest files", files)):
        terminalreporter.section(title)
        for name, seconds in told.most_common(count):
            terminalreporter.write_line(f"{seconds:8.2f} s  {name}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _refuse_unstated((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _refuse_unstated((yield))


def _refuse_unstated(report):
    """Let a skip fail, unless its reason tells which application or program is missing."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not STATED.search(reason):
            report.outcome = "failed"
            report.longrepr = f"Not run, and not because something is not installed: {reason}"
    return report

"""A test that does not run says what is not installed here; without that reason the run fails."""

import re

import pytest

STATED = re.compile(r"\b(?:is|are) not installed\b")


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

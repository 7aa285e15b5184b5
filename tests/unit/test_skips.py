"""A run in which a test was left out without a stated reason is no green run."""

import shutil
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).parents[1] / "conftest.py"
STATED = (
    "sale is not installed",
    "sale and stock are not installed here: another command runs these",
    "Chromium is not installed",
)
UNSTATED = ("", "flaky", "because it is an HttpCase and --odoo-http is not set")


def run(folder, reasons):
    """Skip a test for each reason, and a file for the last one, beside a test that runs.

    :return: pytest's exit code and what it printed
    """
    shutil.copy(CONFTEST, folder)
    text = "import unittest\n\nclass TestSome(unittest.TestCase):\n    def test_it(self): pass\n"
    for number, reason in enumerate(reasons):
        text += f"    def test_{number}(self): self.skipTest({reason!r})\n"
    (folder / "test_some.py").write_text(text, "utf-8")
    text = f"import pytest\n\npytest.skip({reasons[-1]!r}, allow_module_level=True)\n"
    (folder / "test_file.py").write_text(text, "utf-8")
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:odoo", "-p", "no:cacheprovider"]
    argv += ["--continue-on-collection-errors", "--rootdir", folder, folder]
    ran = subprocess.run(argv, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


def test_what_is_not_installed_is_a_reason(tmp_path):
    code, output = run(tmp_path, STATED)
    assert code == 0
    assert "1 passed, 4 skipped" in output


def test_any_other_reason_fails_the_run(tmp_path):
    code, output = run(tmp_path, UNSTATED)
    assert code == 1
    assert "3 failed, 1 passed, 1 error" in output
    assert all(reason in output for reason in UNSTATED)

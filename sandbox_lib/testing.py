"""``./sandbox test``: the unit tests without Odoo, then the others on a real Odoo."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from tests.orm.one_processor import get_processors

from .locking import hold
from .odoo_command import compiled_elsewhere
from .places import ADDON, ADDONS, Places
from .processes import say, start, stop, wait_for
from .session import Session
from .system_packages import bring

# By folder: without Odoo, on the main addon alone, with the applications of the bridges.
_SUITES = ("unit", "orm", "beside")
# The database, the addons, and what no addon depends on but customers order through.
_INSTALLED = {
    "orm": ("test", (ADDON,), ()),
    "beside": ("test_beside", ADDONS, ("website_sale",)),
}
_NOTHING_COLLECTED = 5


def run_tests(places: Places, arguments: list[str]) -> int:
    """Run the suites named by the arguments, all by default, and return the worst exit code."""
    options, chosen = _split(places, arguments)
    with Session(places) as session:
        runs = _Runs(session, options)
        if "unit" in chosen:
            runs.start_unit(chosen["unit"])
        if _INSTALLED.keys() & chosen:
            session.enter_context(hold(places.state, "test"))
            _run_on_odoo(runs, chosen)
        runs.end()
    # A filter such as -k may leave some suites without tests, but not all.
    counted = [code for code in runs.codes if code != _NOTHING_COLLECTED]
    return max(counted, default=_NOTHING_COLLECTED)


def _split(places: Places, arguments: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Return pytest's options, and the test paths of each suite."""
    tests = places.root / "tests"
    options: list[str] = []
    chosen: dict[str, list[str]] = {}
    for argument in arguments:
        name, _, test = argument.partition("::")
        path = Path(name).absolute()
        if argument.startswith("-") or not path.exists() or not path.is_relative_to(tests):
            options.append(argument)
        elif path == tests:
            chosen |= {suite: [str(tests / suite)] for suite in _SUITES}
        else:
            suite = path.relative_to(tests).parts[0]
            chosen.setdefault(suite, []).append(f"{path}::{test}" if test else str(path))
    return options, chosen or {suite: [str(tests / suite)] for suite in _SUITES}


def _run_on_odoo(runs: "_Runs", chosen: dict[str, list[str]]) -> None:
    """Run the suites on their databases; with two processors, all in parallel.

    All of tests/orm is shared by two runs: each takes the next file that has not been started.
    """
    session = runs.session
    two = (len(get_processors()) or os.cpu_count() or 1) > 1
    shared = two and chosen.get("orm") == [str(session.places.root / "tests" / "orm")]
    begun = ["--begun", session.enter_context(TemporaryDirectory())] if shared else []
    parts = [("orm", "", begun)] + [("orm", "2", begun)] * shared + [("beside", "", [])]
    with ThreadPoolExecutor(1) as elsewhere:
        brought = elsewhere.submit(bring, session.places, "wkhtmltopdf", "chromium")
        session.databases.base()
        brought.result()
        made = {}
        if two and chosen.keys() >= {"orm", "beside"}:
            made["beside"] = elsewhere.submit(_make_elsewhere, runs, "beside")
        for suite, half, options in (part for part in parts if part[0] in chosen):
            # The first while the unit tests run, the next ones while the tests on the first run.
            database = made[suite].result() if suite in made else runs.make_database(suite, half)
            if not two:
                runs.end()
            runs.start(suite, database, [*chosen[suite], *options])


def _make_elsewhere(runs: "_Runs", suite: str) -> str:
    """Make a database while another is made: in a thread, on a processor other than the first."""
    if processors := get_processors()[1:]:
        os.sched_setaffinity(0, processors)  # of this thread, and of what it starts
    return runs.make_database(suite, "")


class _Runs:
    """Parallel runs of pytest, each shown once the one before it has ended."""

    def __init__(self, session: Session, options: list[str]):
        self.session, self.options = session, options
        self.codes: list[int] = []
        self._children: list[tuple] = []

    def start_unit(self, tests: list[str]) -> None:
        env = {**os.environ, **compiled_elsewhere(self.session.places)}
        self._start("Unit tests, without Odoo", ["-p", "no:odoo", *tests], env)

    def make_database(self, suite: str, number: str) -> str:
        name, addons, beside = _INSTALLED[suite]
        return self.session.databases.fresh(f"{name}{number}", addons=addons, beside=beside)

    def start(self, suite: str, database: str, tests: list[str]) -> None:
        odoo = self.session.odoo
        title = f"Tests of {', '.join(_INSTALLED[suite][1])} on Odoo {odoo.tree.version}"
        # Each serves pages, on a free port found by its plugin, and stores its own failures.
        argv = [f"--odoo-database={database}", "--odoo-http", "--ready", *tests]
        argv += ["--override-ini", f"cache_dir=.sandbox/pytest_cache/{database}"]
        self._start(title, argv, odoo.environment(database))

    def _start(self, title: str, arguments: list[str], env: dict[str, str]) -> None:
        argv = [sys.executable, "-m", "pytest", *self.options, *arguments]
        log = printed = None
        if self._children:
            log = self.session.enter_context(NamedTemporaryFile())  # noqa: SIM115
            printed = self.session.enter_context(open(log.name, "rb"))  # noqa: SIM115
        else:
            say(title)
        child = start(argv, env, self.session.places.root, log)
        self.session.callback(stop, child)
        self._children.append((child, title, printed))

    def end(self) -> None:
        """Wait for all runs, and show what they have printed and go on printing."""
        for child, title, printed in self._children:
            if printed:
                say(title)
            while printed:
                ended = child.poll() is not None
                sys.stdout.buffer.write(printed.read())
                sys.stdout.flush()
                if ended:
                    break
                time.sleep(0.5)
            self.codes.append(wait_for(child))
        self._children.clear()

"""``./sandbox test``: the unit tests without Odoo, then the others on a real one."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile

from .locking import only_run
from .odoo_command import compiled_elsewhere
from .places import ADDON, ADDONS, Places
from .processes import run_shown, say, start, stop, wait_for
from .session import Session
from .system_packages import bring

# By its folder: on no Odoo, on the main addon alone, beside the applications of the others.
_SUITES = ("unit", "orm", "beside")
_INSTALLED = {"orm": ("test", (ADDON,)), "beside": ("test_beside", ADDONS)}
_NOTHING_COLLECTED = 5
_TOUR_WEIGHT = 12  # a line of a browser tour lasts as long as so many of another test


def run_tests(places: Places, arguments: list[str]) -> int:
    """Run the suites the arguments name, all by default, and return the worst exit code."""
    options, chosen = _split(places, arguments)
    codes = []
    with Session(places) as session:
        if "unit" in chosen:
            codes.append(_run_unit(session, [*options, *chosen["unit"]]))
        for suite in [name for name in _INSTALLED if name in chosen]:
            with only_run(places.state, "test"):
                codes.append(_run_on_odoo(session, suite, [*options, *chosen[suite]]))
    # A filter such as -k may leave some of the suites without a test, not all.
    counted = [code for code in codes if code != _NOTHING_COLLECTED]
    return max(counted, default=_NOTHING_COLLECTED)


def run_fuzz(places: Places, cases: int, seed: int | None) -> int:
    """Feed the imports, dates and amounts with so many bad inputs; return the worst exit code."""
    os.environ["FUZZ_CASES"] = str(cases)
    if seed is not None:
        os.environ["FUZZ_SEED"] = str(seed)
    tests = places.root / "tests"
    files = [tests / "unit" / "test_fuzz.py", *sorted((tests / "orm").rglob("test_bad_input*.py"))]
    return run_tests(places, [*map(str, files), "-q"])


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


def _run_unit(session: Session, arguments: list[str]) -> int:
    say("Unit tests, without Odoo")
    argv = [sys.executable, "-m", "pytest", "-p", "no:odoo", *arguments]
    env = {**os.environ, **compiled_elsewhere(session.places)}
    return run_shown(argv, env, session.places.root)


def _run_on_odoo(session: Session, suite: str, arguments: list[str]) -> int:
    odoo = session.odoo
    bring(session.places, "wkhtmltopdf", "chromium")
    shares = _share(session.places.root / "tests" / "orm", arguments)
    base, addons = _INSTALLED[suite]
    manner = " side by side" if len(shares) > 1 else ""
    say(f"Tests of {', '.join(addons)} on Odoo {odoo.tree.version}{manner}")
    with ExitStack() as stack:
        children, logs = [], []
        for number, share in enumerate(shares):
            name = f"{base}{number or ''}"
            database = session.databases.fresh(name, demo=False, addons=addons)
            # Each of them serves pages, on a port that its plugin finds free.
            argv = [sys.executable, "-m", "pytest", f"--odoo-database={database}", "--odoo-http"]
            argv += [*share, *(["-p", "no:cacheprovider"] if number else [])]
            # What the others print is shown once the first has ended.
            logs.append(stack.enter_context(TemporaryFile("w+")) if number else None)
            children.append(start(argv, odoo.environment(database), session.places.root, logs[-1]))
            stack.callback(stop, children[-1])
        codes = []
        for child, log in zip(children, logs, strict=True):
            codes.append(wait_for(child))
            if log:
                log.seek(0)
                say(log.read())
        return max(codes)


def _share(folder: Path, arguments: list[str]) -> list[list[str]]:
    """Return the arguments of each run: the whole folder is shared between two processors."""
    if arguments[-1:] != [str(folder)] or (os.cpu_count() or 1) < 2:
        return [arguments]
    runs: list[list[Path]] = [[], []]
    # The heaviest first, each to the run that has less to do.
    for file in sorted(folder.rglob("test_*.py"), key=_weigh, reverse=True):
        min(runs, key=lambda run: sum(map(_weigh, run))).append(file)
    return [[*arguments[:-1], *map(str, run)] for run in runs]


def _weigh(file: Path) -> int:
    """What a test file weighs: tests are of much the same length, but for the tours."""
    return file.stat().st_size * (_TOUR_WEIGHT if file.name.startswith("test_tours") else 1)

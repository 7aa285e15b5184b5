"""``./sandbox test``: the unit tests without Odoo, then the others on a real one."""

import os
from pathlib import Path

from .locking import only_run
from .odoo_command import compiled_elsewhere
from .places import Places
from .processes import run_shown, say
from .session import Session
from .system_packages import bring

_SUITES = ("unit", "orm")
_NOTHING_COLLECTED = 5


def run_tests(places: Places, arguments: list[str]) -> int:
    """Run the suites the arguments name, both by default, and return the worst exit code."""
    options, chosen = _split(places, arguments)
    codes = []
    with Session(places) as session:
        if "unit" in chosen:
            codes.append(_run_unit(session, [*options, *chosen["unit"]]))
        if "orm" in chosen:
            with only_run(places.state, "test"):
                codes.append(_run_orm(session, [*options, *chosen["orm"]]))
    # A filter such as -k may leave one of the suites without a test, not both.
    counted = [code for code in codes if code != _NOTHING_COLLECTED]
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


def _run_unit(session: Session, arguments: list[str]) -> int:
    say("Unit tests, without Odoo")
    argv = [session.env.python, "-m", "pytest", "-p", "no:odoo", *arguments]
    env = {**os.environ, **compiled_elsewhere(session.places)}
    return run_shown(argv, env, session.places.root)


def _run_orm(session: Session, arguments: list[str]) -> int:
    odoo = session.odoo
    bring(session.places, "wkhtmltopdf", "chromium")
    database = session.databases.fresh("test", demo=False)
    say(f"Tests on Odoo {odoo.tree.version}")
    argv = [odoo.env.python, "-m", "pytest", "--odoo-http", f"--odoo-database={database}"]
    return run_shown([*argv, *arguments], odoo.environment(database), session.places.root)

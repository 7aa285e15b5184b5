"""``./sandbox lint``: ruff, pylint-odoo and OCA's module checks, all pinned."""

import os

from .errors import SandboxError
from .places import ADDONS, Places
from .processes import run_shown, say
from .session import Session

# What only runs in the long commands: a name that is not there must not wait for them.
_NAMES = "no-member,no-name-in-module,undefined-variable,unexpected-keyword-arg"
_TOOLS = ("sandbox_lib", "benchmarks", "tests/faults")
_SOURCES = (*ADDONS, "tests", "sandbox_lib", "benchmarks", "sandbox", "setup.py")


def run_lint(places: Places) -> int:
    """Run every check, print what each finds, and return 1 when one is not content."""
    sources = [name for name in _SOURCES if (places.root / name).exists()]
    translations = [
        str(path) for name in ADDONS for path in sorted(places.root.glob(f"{name}/i18n/*.po*"))
    ]
    checks = [
        ["ruff", "check", *sources],
        ["ruff", "format", "--check", *sources],
        ["pylint", "--rcfile=.pylintrc", *ADDONS],
        [
            "pylint",
            "--disable=all",
            f"--enable={_NAMES}",
            "sandbox_lib",
            "benchmarks",
            "tests/faults",
        ],
        ["oca-checks-odoo-module", *ADDONS],
    ]
    if translations:
        checks.append(["oca-checks-po", "--disable=po-pretty-format", *translations])
    with Session(places) as session:
        environment = {
            **os.environ,
            "PATH": os.pathsep.join((str(session.tools.bin), os.environ.get("PATH", ""))),
            "PYTHONNOUSERSITE": "1",
            "PYLINTHOME": str(places.state / "pylint"),
            "RUFF_CACHE_DIR": str(places.state / "ruff"),
        }
        unhappy = []
        for name, *arguments in checks:
            say(f"{name} {arguments[0]}")
            program = session.tools.bin / name
            if run_shown([program, *arguments], environment, places.root):
                unhappy.append(name)
    if unhappy:
        raise SandboxError(f"not content, see above: {', '.join(dict.fromkeys(unhappy))}")
    say("Lint: all checks are content")
    return 0

"""``./sandbox lint``: ruff, pylint-odoo and OCA's module checks, all pinned."""

import os

from .errors import SandboxError
from .places import ADDONS, Places
from .processes import run_shown, say
from .python_env import TOOLS, python_env

# Code that only runs in long commands: an undefined name must not be found only there.
_NAMES = "no-member,no-name-in-module,undefined-variable,unexpected-keyword-arg"
_COMMANDS = ("sandbox_lib", "benchmarks", "tests/faults", "docs/guide/pictures.py")
_SOURCES = (*ADDONS, "tests", *_COMMANDS, "sandbox", "setup.py")
# OCA's checks cannot be run as modules in a way that returns their result.
_OCA = "import sys; from oca_pre_commit_hooks.{} import main; sys.exit(main())"


def run_lint(places: Places) -> int:
    """Run every check, print what each finds, and return 1 if one fails."""
    texts = [path for name in ADDONS for path in sorted(places.root.glob(f"{name}/i18n/*.po*"))]
    checks = {
        "ruff": ["-m", "ruff", "check", *_SOURCES],
        "ruff format": ["-m", "ruff", "format", "--check", *_SOURCES],
        "pylint-odoo": ["-m", "pylint", "--rcfile=.pylintrc", *ADDONS],
        "pylint": ["-m", "pylint", "--disable=all", f"--enable={_NAMES}", *_COMMANDS],
        "oca-checks-odoo-module": ["-c", _OCA.format("cli"), *ADDONS],
        "oca-checks-po": ["-c", _OCA.format("cli_po"), "--disable=po-pretty-format", *texts],
    }
    tools = python_env(places, TOOLS) / "bin"
    path = os.pathsep.join((str(tools), os.environ.get("PATH", "")))
    folders = {"PYLINTHOME": places.state / "pylint", "RUFF_CACHE_DIR": places.state / "ruff"}
    environment = {**os.environ, **folders, "PATH": path, "PYTHONNOUSERSITE": "1"}
    unhappy = []
    for name, arguments in checks.items():
        say(name)
        if run_shown([tools / "python", *arguments], environment, places.root):
            unhappy.append(name)
    if unhappy:
        raise SandboxError(f"not content, see above: {', '.join(unhappy)}")
    say("Lint: all checks are content")
    return 0

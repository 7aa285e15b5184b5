"""The commands of ``./sandbox``."""

import argparse
import importlib
import signal
import sys

from .errors import SandboxError, describe_os_error
from .places import Places
from .python_env import enter

_EPILOG = """\
Odoo is downloaded once per user, or taken from ODOO=/path/to/odoo; PostgreSQL is embedded, or
the server that PGHOST names. State is in .sandbox/, results in sandbox-output/.
"""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; a known trouble is one line, no traceback."""
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _end)
    try:
        options = vars(_parser().parse_args(arguments))
        places = Places.of_this_clone()
        enter(places)
        # What runs a command needs the packages of the environment: imported here, not above.
        module, _, function = options.pop("run").partition(":")
        return getattr(importlib.import_module(module), function)(places, **options)
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
    except OSError as error:
        print(f"sandbox: {describe_os_error(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("sandbox: interrupted; run the same command again to go on", file=sys.stderr)
        return 130
    return 1


def _end(sign: int, _frame) -> None:
    # An exception, so that what was started is stopped on the way out.
    sys.exit(128 + sign)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sandbox",
        description="Try, test and package account_dunning_fr on a private, real Odoo 19.",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: str, text: str, **options) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, **options)
        command.set_defaults(run=run)
        return command

    _add_running(add)
    _add_checking(add)
    return parser


def _add_running(add) -> None:
    """Add what runs Odoo for somebody to look at, and what is handed on to a program."""
    demo = add(
        "demo", "sandbox_lib.demo:run_demo", "do the main job on demonstration data and show it"
    )
    demo.add_argument("--no-serve", dest="serve", action="store_false", help="end after the job")
    serve = add("serve", "sandbox_lib.demo:serve_demo", "serve the demo's database again")
    for command in (demo, serve):
        command.add_argument("--port", type=int, help="serve there (default: a free port)")
    for name, run, text in (
        (
            "test",
            "sandbox_lib.testing:run_tests",
            "run tests/unit, tests/orm and tests/beside; pytest's arguments follow",
        ),
        (
            "odoo",
            "sandbox_lib.interactive:run_odoo",
            "run Odoo's own command line on the demo's database",
        ),
        (
            "shell",
            "sandbox_lib.interactive:run_shell",
            "open Odoo's Python shell on the demo's database",
        ),
        ("psql", "sandbox_lib.interactive:run_psql", "open psql on the demo's database"),
    ):
        command = add(name, run, text, add_help=False, prefix_chars="\0")
        command.add_argument("arguments", nargs="*")
    pictures = add(
        "pictures", "sandbox_lib.pictures:take_pictures", "take the guide's pictures from the demo"
    )
    pictures.add_argument("only", nargs="?", help="those with this text in their name")
    clean = add(
        "clean",
        "sandbox_lib.interactive:run_clean",
        "remove this clone's databases, logs and output",
    )
    clean.add_argument(
        "--all", dest="everything", action="store_true", help="and the downloads of all clones"
    )


def _add_checking(add) -> None:
    """Add what checks the addon, and measures it."""
    add("lint", "sandbox_lib.linting:run_lint", "run ruff, pylint-odoo and OCA's module checks")
    add(
        "translate",
        "sandbox_lib.translations:run_translate",
        "bring fr.po up to date with the addon's terms",
    )
    add("wheel", "sandbox_lib.wheel:check_wheel", "build the wheel and install the addon from it")
    beside = add(
        "beside",
        "tests.faults.beside:run_beside",
        "run beside Odoo's tests and OCA's modules, and uninstall",
    )
    beside.add_argument("--only", choices=("odoo", "oca", "removal"), help="one part of it")
    beside.add_argument(
        "applications", nargs="?", help="run our tests with these instead, such as sale_stock"
    )
    beside.add_argument("arguments", nargs=argparse.REMAINDER, help="of pytest")
    bench = add("bench", "benchmarks.runner:run_bench", "measure each step on a ledger at scale")
    _add_numbers(bench, items=50_000, customers=5_000, sent=200)
    bench.add_argument(
        "--oca", action="store_true", help="beside OCA's credit control and statements"
    )
    faults = add(
        "faults", "tests.faults.trials:run_faults", "kill the scheduled actions and rerun them"
    )
    _add_numbers(faults, kills=50, customers=12, seed=20261121)
    faults.add_argument("--quick", action="store_true", help="a selection of a minute or two")
    upgrade = add(
        "upgrade", "tests.faults.upgrade:run_upgrade", "install, update and uninstall at scale"
    )
    _add_numbers(upgrade, items=200_000, customers=20_000)
    fuzz = add(
        "fuzz", "sandbox_lib.testing:run_fuzz", "feed the imports, dates and amounts with bad input"
    )
    _add_numbers(fuzz, cases=20_000, seed=None)


_NUMBERS = {
    "items": "open items",
    "customers": "who owe them; half of them are written to by the faults",
    "sent": "customers to write to and to book for; 0: the plan and the computation only",
    "kills": "kills at random moments",
    "seed": "of another series",
    "cases": "of the core",
}


def _add_numbers(command: argparse.ArgumentParser, **defaults: int | None) -> None:
    for name, default in defaults.items():
        text = f"{_NUMBERS[name]} (%(default)s)"
        command.add_argument(f"--{name}", type=int, default=default, help=text)
